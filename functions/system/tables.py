"""The System module's tables."""

from sqlalchemy import Boolean, Column, DateTime, FetchedValue, Integer, LargeBinary, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from nexus.tables import key, long_text, metadata, moment, record_table, tenant_table, text

tenants = record_table(
    "tenants",
    text("name"),
    text("slug"),
    long_text("description"),
    Column("is_root", Boolean, FetchedValue()),
    moment("archived_at", nullable=True),
    searchable=True,
)

users = record_table(
    "users",
    text("username"),
    text("email"),
    text("full_name", nullable=True),
    text("password_hash"),
    moment("deactivated_at", nullable=True),
    moment("last_signed_in_at", nullable=True),
    searchable=True,
)

groups = tenant_table(
    "groups",
    text("name"),
    long_text("description"),
    key("project_id", nullable=True),
    Column("kind", Text, FetchedValue(), nullable=False),
    moment("archived_at", nullable=True),
    searchable=True,
)

memberships = tenant_table(
    "memberships",
    key("group_id"),
    key("user_id", nullable=True),
    key("member_group_id", nullable=True),
)

preferences = record_table(
    "preferences",
    key("user_id"),
    key("default_tenant_id", nullable=True),
    key("default_project_id", nullable=True),
    Column("locale", Text, FetchedValue(), nullable=False),
    Column("time_zone", Text, FetchedValue(), nullable=False),
    Column("theme", Text, FetchedValue(), nullable=False),
    Column("page_size", Integer, FetchedValue(), nullable=False),
    Column("extra", JSONB, FetchedValue(), nullable=False),
)

sessions = record_table(
    "sessions",
    key("user_id"),
    Column("token_hash", LargeBinary, nullable=False),
    key("tenant_id", nullable=True),
    key("project_id", nullable=True),
    Column("last_used_at", DateTime(timezone=True), FetchedValue(), nullable=False),
    moment("ends_at"),
    moment("expires_at"),
    text("ip", nullable=True),
    text("user_agent", nullable=True),
)

audit_events = Table(
    "audit_events",
    metadata,
    key("id", primary_key=True),
    key("tenant_id", nullable=True),
    key("actor_id", nullable=True),
    text("action"),
    text("resource"),
    key("record_id"),
    Column("changes", JSONB, nullable=False),
    moment("occurred_at"),
    text("request_id", nullable=True),
)
