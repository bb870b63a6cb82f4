"""The locations module's tables."""

from sqlalchemy import ARRAY, Column, FetchedValue, Integer, Text

from nexus.tables import key, tenant_table, text

location_types = tenant_table("location_types", text("name"), searchable=True)

locations = tenant_table(
    "locations",
    key("parent_id", nullable=True),
    text("name"),
    key("type_id"),
    text("code", nullable=True),
    text("address", nullable=True),
    Column("tree", Text(collation="C"), FetchedValue(), nullable=False),
    Column("path", ARRAY(Text), FetchedValue(), nullable=False),
    Column("depth", Integer, FetchedValue(), nullable=False),
    searchable=True,
)
