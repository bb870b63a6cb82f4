"""The System module's tables."""

from sqlalchemy import Boolean, Column, DateTime, FetchedValue, Integer, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from nexus.records.tables import (
    long_text,
    metadata,
    record_table,
    sort_column,
    sortable,
    tenant_table,
    text,
    timestamp,
    ulid_column,
)

tenants = record_table(
    "tenants",
    text("name", sortable=True),
    text("slug", sortable=True),
    long_text("description"),
    Column("is_root", Boolean, FetchedValue()),
    Column("settings", JSONB, FetchedValue(), nullable=False),
    timestamp("archived_at", nullable=True),
    searchable=True,
    updates_sortable=True,
)

users = record_table(
    "users",
    text("username"),
    text("email"),
    text("full_name", nullable=True),
    text("password_hash"),
    ulid_column("origin_tenant_id", nullable=True),
    timestamp("deactivated_at", nullable=True),
    timestamp("last_signed_in_at", nullable=True),
)

# The users of each tenant, once each; triggers write it.
tenant_users = Table(
    "tenant_users",
    metadata,
    ulid_column("tenant_id", primary_key=True),
    ulid_column("user_id", primary_key=True),
    sortable(timestamp("updated_at")),
    sort_column("username"),
    sort_column("email"),
    sort_column("full_name", nullable=True),
    text("search"),
)

groups = tenant_table(
    "groups",
    text("name", sortable=True),
    long_text("description"),
    ulid_column("project_id", nullable=True),
    sortable(Column("kind", Text, FetchedValue(), nullable=False)),
    timestamp("archived_at", nullable=True),
    searchable=True,
)

memberships = tenant_table(
    "memberships",
    ulid_column("group_id"),
    ulid_column("user_id", nullable=True),
    ulid_column("member_group_id", nullable=True),
    timestamp("accepted_at", nullable=True),
    ulid_column("invited_by_id", nullable=True),
    text("invited_as", nullable=True),
)

preferences = record_table(
    "preferences",
    ulid_column("user_id"),
    ulid_column("default_tenant_id", nullable=True),
    ulid_column("default_project_id", nullable=True),
    Column("locale", Text, FetchedValue(), nullable=False),
    Column("time_zone", Text, FetchedValue(), nullable=False),
    Column("theme", Text, FetchedValue(), nullable=False),
    Column("page_size", Integer, FetchedValue(), nullable=False),
    Column("extra", JSONB, FetchedValue(), nullable=False),
)

sessions = record_table(
    "sessions",
    ulid_column("user_id"),
    Column("token_hash", LargeBinary, nullable=False),
    ulid_column("tenant_id", nullable=True),
    ulid_column("project_id", nullable=True),
    Column("last_used_at", DateTime(timezone=True), FetchedValue(), nullable=False),
    timestamp("ends_at"),
    timestamp("expires_at"),
    text("ip", nullable=True),
    text("user_agent", nullable=True),
    updates_sortable=True,
)

audit_events = Table(
    "audit_events",
    metadata,
    ulid_column("id", primary_key=True),
    ulid_column("tenant_id", nullable=True),
    ulid_column("reader_id"),
    ulid_column("actor_id", nullable=True),
    text("action"),
    text("resource"),
    ulid_column("record_id"),
    Column("changes", JSONB, nullable=False),
    Column("occurred_at", DateTime(timezone=True), FetchedValue(), nullable=False),
    text("request_id", nullable=True),
)
