"""The projects module's tables."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    FetchedValue,
    Integer,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB

from nexus.records.tables import (
    event_view,
    long_text,
    metadata,
    sortable,
    tenant_table,
    text,
    timestamp,
    ulid_column,
    word,
)

projects = tenant_table(
    "projects",
    text("name", sortable=True),
    text("key", sortable=True),
    long_text("description"),
    timestamp("archived_at", nullable=True),
    searchable=True,
)


def mark(name: str) -> Column[bool]:
    return Column(name, Boolean, FetchedValue(), nullable=False)


issue_screens = tenant_table("issue_screens", text("name", sortable=True), searchable=True)

issue_fields = tenant_table(
    "issue_fields",
    Column("key", Text(collation="C"), nullable=False, info={"sortable": True}),
    text("name", sortable=True),
    text("type"),
    Column("choices", ARRAY(Text)),
    mark("is_required"),
    searchable=True,
)

issue_screen_fields = tenant_table(
    "issue_screen_fields",
    ulid_column("screen_id"),
    ulid_column("field_id"),
    sortable(Column("position", Integer, nullable=False)),
    mark("is_required"),
)

issue_statuses = tenant_table(
    "issue_statuses", text("name", sortable=True), text("category"), searchable=True
)

issue_priorities = tenant_table(
    "issue_priorities",
    text("name", sortable=True),
    sortable(Column("rank", Integer, nullable=False)),
    mark("is_default"),
    searchable=True,
)

issue_workflows = tenant_table(
    "issue_workflows", text("name", sortable=True), long_text("description"), searchable=True
)

issue_workflow_statuses = tenant_table(
    "issue_workflow_statuses",
    ulid_column("workflow_id"),
    ulid_column("status_id"),
    mark("is_initial"),
    sortable(Column("position", Integer, nullable=False)),
)

issue_workflow_transitions = tenant_table(
    "issue_workflow_transitions",
    ulid_column("workflow_id"),
    text("name", sortable=True),
    ulid_column("from_status_id", nullable=True),
    ulid_column("to_status_id"),
    ulid_column("screen_id", nullable=True),
    mark("requires_comment"),
    searchable=True,
)

issue_types = tenant_table(
    "issue_types",
    text("name", sortable=True),
    Column("key", Text(collation="C"), nullable=False, info={"sortable": True}),
    text("kind"),
    ulid_column("workflow_id"),
    ulid_column("screen_id", nullable=True),
    long_text("description"),
    searchable=True,
)

issue_link_types = tenant_table(
    "issue_link_types",
    text("name", sortable=True),
    text("outward"),
    text("inward"),
    searchable=True,
)

issues = tenant_table(
    "issues",
    ulid_column("project_id", nullable=True),
    sortable(Column("number", Integer, FetchedValue())),
    Column("key", Text(collation="C"), FetchedValue()),
    Column("previous_keys", ARRAY(Text), FetchedValue(), nullable=False),
    ulid_column("issue_type_id"),
    word("kind"),
    text("title", sortable=True),
    long_text("description"),
    ulid_column("priority_id"),
    ulid_column("status_id"),
    word("category"),
    ulid_column("reporter_id"),
    ulid_column("assignee_id", nullable=True),
    Column("fields", JSONB, FetchedValue(), nullable=False),
    sortable(timestamp("closed_at", nullable=True)),
    sortable(timestamp("due_at", nullable=True)),
    timestamp("archived_at", nullable=True),
    searchable=True,
)

comments = tenant_table(
    "comments",
    ulid_column("issue_id"),
    ulid_column("author_id"),
    long_text("body", nullable=False),
    timestamp("edited_at", nullable=True),
)

attachments = tenant_table(
    "attachments",
    ulid_column("issue_id"),
    text("filename"),
    text("content_type"),
    Column("size", BigInteger, nullable=False),
    text("sha256", nullable=True),
    ulid_column("uploader_id"),
    timestamp("uploaded_at", nullable=True),
    timestamp("checked_at", nullable=True),
)

links = tenant_table(
    "links", ulid_column("link_type_id"), ulid_column("source_id"), ulid_column("target_id")
)

watchers = tenant_table("watchers", ulid_column("issue_id"), ulid_column("user_id"))

# What triggers keep beside issues: their keys, and the values of their fields.
issue_keys = Table(
    "issue_keys",
    metadata,
    ulid_column("tenant_id", primary_key=True),
    Column("key", Text(collation="C"), primary_key=True),
    ulid_column("issue_id"),
)

issue_values = Table(
    "issue_values",
    metadata,
    ulid_column("tenant_id", primary_key=True),
    ulid_column("issue_id", primary_key=True),
    ulid_column("field_id", primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("text_value", Text(collation="C")),
    Column("value_sort", Text(collation="C")),
    Column("number_value", Double),
    Column("date_value", Date),
    Column("moment_value", DateTime(timezone=True)),
    ulid_column("user_id", nullable=True),
    ulid_column("person_id", nullable=True),
    ulid_column("asset_id", nullable=True),
    ulid_column("location_id", nullable=True),
    Column("search", Text),
    comment="held by issues, each issue_id",  # as nexus.references_to tells it
)


issue_history = event_view(
    "issue_history", "issue_id", text("field"), Column("old", JSONB), Column("new", JSONB)
)
issue_activity = event_view(
    "issue_activity", "issue_id", text("kind"), Column("detail", JSONB, nullable=False)
)
