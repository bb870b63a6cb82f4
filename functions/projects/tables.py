"""The projects module's tables."""

from nexus.tables import long_text, moment, tenant_table, text

projects = tenant_table(
    "projects",
    text("name"),
    text("key"),
    long_text("description"),
    moment("archived_at", nullable=True),
    searchable=True,
)
