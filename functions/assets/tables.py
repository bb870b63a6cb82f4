"""The assets module's tables."""

from sqlalchemy import Column, FetchedValue, Integer, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from nexus.records.tables import (
    day,
    event_view,
    long_text,
    sort_column,
    sortable,
    tenant_table,
    text,
    timestamp,
    ulid_column,
    word,
)

manufacturers = tenant_table(
    "manufacturers",
    text("name", sortable=True),
    text("website", nullable=True),
    text("support_url", nullable=True),
    text("support_phone", nullable=True),
    text("support_email", nullable=True),
    searchable=True,
)


def number(name: str) -> Column[int]:
    return sortable(Column(name, Integer, FetchedValue(), nullable=False))


asset_types = tenant_table(
    "asset_types",
    text("name", sortable=True),
    ulid_column("parent_id", nullable=True),
    Column("tree", Text(collation="C"), FetchedValue(), nullable=False),
    searchable=True,
)

asset_models = tenant_table(
    "asset_models",
    text("name", sortable=True),
    word("tracking_type"),
    ulid_column("manufacturer_id", nullable=True),
    ulid_column("asset_type_id", nullable=True),
    text("model_number", nullable=True, sortable=True),
    day("end_of_life_on"),
    searchable=True,
)

assets = tenant_table(
    "assets",
    ulid_column("model_id"),
    word("tracking_type"),
    ulid_column("asset_type_id", nullable=True),
    ulid_column("manufacturer_id", nullable=True),
    ulid_column("project_id", nullable=True),
    text("name", sortable=True),
    text("asset_tag", nullable=True, sortable=True),
    text("serial_number", nullable=True, sortable=True),
    Column("quantity", Integer, nullable=False),
    word("status"),
    day("purchased_on"),
    Column("purchase_cost", JSONB(none_as_null=True)),
    day("warranty_until"),
    long_text("notes"),
    ulid_column("person_id", nullable=True),
    ulid_column("location_id", nullable=True),
    number("quantity_out"),
    number("quantity_available"),
    number("open_repair_count"),
    timestamp("archived_at", nullable=True),
    timestamp("retired_at", nullable=True),
    timestamp("disposed_at", nullable=True),
    timestamp("lost_at", nullable=True),
    timestamp("stolen_at", nullable=True),
    searchable=True,
)

asset_circulations = tenant_table(
    "asset_circulations",
    ulid_column("asset_id"),
    word("circulation_type"),
    ulid_column("person_id", nullable=True),
    ulid_column("location_id", nullable=True),
    Column("quantity", Integer, nullable=False),
    sortable(timestamp("occurred_at")),
    long_text("notes"),
    ulid_column("recorded_by", nullable=True),
    ulid_column("corrects_id", nullable=True),
)

asset_assignments = tenant_table(
    "asset_assignments",
    ulid_column("asset_id"),
    ulid_column("person_id", nullable=True),
    ulid_column("location_id", nullable=True),
    Column("quantity", Integer, nullable=False),
    day("start_date", nullable=False),
    day("end_date"),
    day("due_on"),
    long_text("notes"),
    sortable(timestamp("closed_at", nullable=True)),
    timestamp("started_at"),
    Column("ended_at", timestamp("ended_at").type, FetchedValue(), nullable=False),
    ulid_column("opened_by_id"),
    ulid_column("closed_by_id", nullable=True),
)

asset_repairs = tenant_table(
    "asset_repairs",
    ulid_column("issue_id"),
    ulid_column("asset_id"),
    ulid_column("location_id", nullable=True),
    Column("issue_version", Integer, FetchedValue(), nullable=False),
)

asset_history = event_view(
    "asset_history", "asset_id", text("field"), Column("old", JSONB), Column("new", JSONB)
)

# What of an issue is its repair's too.
repaired_issues = Table(
    "repaired_issues",
    MetaData(),
    ulid_column("id", primary_key=True),
    ulid_column("tenant_id"),
    text("title"),
    sort_column("title"),
    long_text("description"),
    ulid_column("priority_id"),
    ulid_column("status_id"),
    timestamp("reported_at"),
    timestamp("resolved_at", nullable=True),
    timestamp("archived_at", nullable=True),
    Column("search", Text),
    schema="nexus",
)
