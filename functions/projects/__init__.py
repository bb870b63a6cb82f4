"""Projects and issues; so far the shared projects that groups and sessions name."""
