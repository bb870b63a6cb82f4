"""The signed-in user: account, password, tenants, groups, preferences."""
