"""The database revision that this code was written for: `make generate` writes it."""

HEAD = "12_audit_partitions"
