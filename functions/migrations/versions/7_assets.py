"""Assets: what there is, who holds it, what is repaired."""

from alembic import op

from migrations.script import apply, run_script

revision = "7_assets"
down_revision = "6_issues_of_no_project"


def upgrade() -> None:
    # It has one argument more now: replaced, both would be there.
    op.execute("DROP FUNCTION IF EXISTS nexus.protect_catalog(regclass)")
    apply("kernel/protect_catalog", "kernel/ulid", "kernel/generated_columns")
    apply("system/time_zone", "system/day_of", "system/start_of", "assets")
    for name in ("tables", "seeds"):
        run_script(f"{revision}/{name}")
    apply("projects/index_issue_values")
