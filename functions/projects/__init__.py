"""Projects and issues: what is asked for, what is broken, and the way through a workflow."""
