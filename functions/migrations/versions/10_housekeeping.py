"""What scheduled jobs may do, and what they look things up by; custody followed by statements."""

from migrations.script import apply, run_script

revision = "10_housekeeping"
down_revision = "9_education"


def upgrade() -> None:
    apply("assets/follow_assignment", "kernel/because", "kernel/enter")
    run_script(revision)
