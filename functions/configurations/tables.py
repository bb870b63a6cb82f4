"""The configurations module's tables."""

from sqlalchemy import Column, FetchedValue
from sqlalchemy.dialects.postgresql import JSONB

from nexus.records.tables import long_text, tenant_table, text, timestamp, ulid_column

configuration_items = tenant_table(
    "configuration_items",
    text("name", sortable=True),
    text("ci_type", nullable=True, sortable=True),
    long_text("description"),
    ulid_column("asset_id", nullable=True),
    Column("attributes", JSONB, FetchedValue(), nullable=False),
    timestamp("archived_at", nullable=True),
    searchable=True,
)

relationships = tenant_table(
    "relationships", ulid_column("source_id"), ulid_column("target_id"), text("relationship_type")
)
