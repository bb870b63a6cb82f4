"""Everything that runs Nexus on one machine: PostgreSQL, PgBouncer, the API on one port."""
