"""Tenants: each a district or a company; the root tenant holds what all share."""
