"""How issues are configured: ten kinds of records, a tenant's own beside the shared."""
