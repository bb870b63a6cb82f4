"""The configurations module's tables."""

from sqlalchemy import Column, FetchedValue
from sqlalchemy.dialects.postgresql import JSONB

from nexus.tables import key, long_text, moment, tenant_table, text

configuration_items = tenant_table(
    "configuration_items",
    text("name"),
    text("ci_type", nullable=True),
    long_text("description"),
    key("asset_id", nullable=True),
    Column("attributes", JSONB, FetchedValue(), nullable=False),
    moment("archived_at", nullable=True),
    searchable=True,
)

relationships = tenant_table(
    "relationships", key("source_id"), key("target_id"), text("relationship_type")
)
