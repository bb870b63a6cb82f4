"""Users: global accounts, seen by the tenants that they belong to."""
