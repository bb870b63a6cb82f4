"""The locations module's tables."""

from sqlalchemy import ARRAY, Column, FetchedValue, Integer, Text

from nexus.records.tables import tenant_table, text, ulid_column

location_types = tenant_table("location_types", text("name", sortable=True), searchable=True)

locations = tenant_table(
    "locations",
    ulid_column("parent_id", nullable=True),
    text("name", sortable=True),
    ulid_column("type_id"),
    text("code", nullable=True, sortable=True),
    text("address", nullable=True),
    Column("tree", Text(collation="C"), FetchedValue(), nullable=False),
    Column("path", ARRAY(Text), FetchedValue(), nullable=False),
    Column("depth", Integer, FetchedValue(), nullable=False),
    searchable=True,
)
