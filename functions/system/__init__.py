"""Tenants, users, groups, sessions, audit: what the other modules stand on."""
