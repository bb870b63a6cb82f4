"""Projects and issues, and that an event is about several records."""

from alembic import op

from migrations.script import apply, run_script

revision = "5_projects"
down_revision = "4_census"


def upgrade() -> None:
    # They have one argument more now: replaced, both would be there.
    for name in ("audit_table(regclass, text, text, text, text)", "protect(regclass, text, text)"):
        op.execute(f"DROP FUNCTION IF EXISTS nexus.{name}")
    apply("kernel", "projects")
    for name in ("tables", "seeds"):
        run_script(f"{revision}/{name}")
