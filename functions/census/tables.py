"""The census module's tables."""

from sqlalchemy import Column, FetchedValue, Integer, Text

from nexus.records.tables import tenant_table, text, timestamp, ulid_column

persons = tenant_table(
    "persons",
    ulid_column("current_identity_id", nullable=True),
    ulid_column("user_id", nullable=True),
    text("external_id", nullable=True),
    # Of the live identities, kept by a trigger: searching persons looks here.
    Column("names", Text, FetchedValue(), nullable=False),
    timestamp("archived_at", nullable=True),
    searchable=True,
)

identities = tenant_table(
    "identities",
    ulid_column("person_id"),
    text("first_name"),
    text("middle_name", nullable=True),
    text("last_name"),
    text("preferred_name", nullable=True),
    timestamp("deactivated_at", nullable=True),
    timestamp("archived_at", nullable=True),
    searchable=True,
)

contacts = tenant_table(
    "contacts",
    ulid_column("person_id", nullable=True),
    ulid_column("identity_id", nullable=True),
    text("type"),
    text("value"),
    text("label", nullable=True),
    Column("sort_order", Integer, nullable=False),
    searchable=True,
)
