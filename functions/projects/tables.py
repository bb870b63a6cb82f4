"""The projects module's tables."""

from nexus.records.tables import long_text, tenant_table, text, timestamp

projects = tenant_table(
    "projects",
    text("name", sortable=True),
    text("key", sortable=True),
    long_text("description"),
    timestamp("archived_at", nullable=True),
    searchable=True,
)
