"""Issues are found by what custom fields they lack a value of."""

from migrations.script import apply, run_script

revision = "11_lacking_values"
down_revision = "10_housekeeping"


def upgrade() -> None:
    apply("projects/field_set")
    run_script(revision)
