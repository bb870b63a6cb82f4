"""Issues are found by what custom fields they lack a value of."""

from migrations.script import apply, index_concurrently

revision = "11_lacking_values"
down_revision = "10_housekeeping"

INDEXES = {
    # Those with values of the same fields by their ids: of a field that nearly all have, what lacks
    # it is found without a look at the others. It reads the fields of each issue.
    "ix_issues_field_set": "issues (tenant_id, nexus.field_set(fields, archived_at), id)",
    # Few are archived, and the open ones among them are the last.
    "ix_issues_archived_category": (
        "issues (tenant_id, category, id) WHERE archived_at IS NOT NULL"
    ),
    # Whose open ones are the newest of many.
    "ix_issues_priority_category": "issues (priority_id, tenant_id, category, id)",
}


def upgrade() -> None:
    apply("projects/field_set")
    index_concurrently(INDEXES)
