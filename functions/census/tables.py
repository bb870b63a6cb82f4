"""The census module's tables."""

from sqlalchemy import Column, FetchedValue, Integer, Text

from nexus.tables import key, moment, tenant_table, text

persons = tenant_table(
    "persons",
    key("current_identity_id", nullable=True),
    key("user_id", nullable=True),
    text("external_id", nullable=True),
    # Of the live identities, kept by a trigger: searching persons looks here.
    Column("names", Text, FetchedValue(), nullable=False),
    moment("archived_at", nullable=True),
    searchable=True,
)

identities = tenant_table(
    "identities",
    key("person_id"),
    text("first_name"),
    text("middle_name", nullable=True),
    text("last_name"),
    text("preferred_name", nullable=True),
    moment("deactivated_at", nullable=True),
    moment("archived_at", nullable=True),
    searchable=True,
)

contacts = tenant_table(
    "contacts",
    key("person_id", nullable=True),
    key("identity_id", nullable=True),
    text("type"),
    text("value"),
    text("label", nullable=True),
    Column("sort_order", Integer, nullable=False),
    searchable=True,
)
