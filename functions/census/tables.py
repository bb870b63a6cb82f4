"""The census module's tables."""

from sqlalchemy import Boolean, Column, FetchedValue, Integer, Text

from nexus.records.tables import sortable, tenant_table, text, timestamp, ulid_column

persons = tenant_table(
    "persons",
    ulid_column("current_identity_id", nullable=True),
    ulid_column("user_id", nullable=True),
    text("external_id", nullable=True, sortable=True),
    # Of the current identity, kept by a trigger.
    text("name", nullable=True, sortable=True),
    text("sort_name", nullable=True, sortable=True),
    # Of the live identities, kept by a trigger: searching persons looks here.
    Column("names", Text, FetchedValue(), nullable=False),
    timestamp("archived_at", nullable=True),
    searchable=True,
)

identities = tenant_table(
    "identities",
    ulid_column("person_id"),
    text("first_name", nullable=True, sortable=True),
    text("middle_name", nullable=True),
    text("last_name", nullable=True, sortable=True),
    text("preferred_name", nullable=True, sortable=True),
    Column("is_current", Boolean, FetchedValue(), nullable=False),
    timestamp("deactivated_at", nullable=True),
    timestamp("archived_at", nullable=True),
    searchable=True,
)

contacts = tenant_table(
    "contacts",
    ulid_column("person_id", nullable=True),
    ulid_column("identity_id", nullable=True),
    text("type"),
    text("value", sortable=True),
    text("label", nullable=True),
    sortable(Column("sort_order", Integer, nullable=False)),
    searchable=True,
)
