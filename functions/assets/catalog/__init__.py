"""What kinds of assets there are: manufacturers, types, models; a tenant's own and the shared."""
