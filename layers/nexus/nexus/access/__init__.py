"""Who calls, for which tenant, with which rights."""
