"""Where attachments are kept: what a form and a link let through, on every store."""
