"""What the scheduled jobs may do, and what they look things up by; statistics of enrollments."""

from migrations.script import run_script

revision = "10_housekeeping"
down_revision = "9_education"


def upgrade() -> None:
    run_script(revision)
