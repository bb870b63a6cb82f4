"""Who is in a group: users and nested groups."""
