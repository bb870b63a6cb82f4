"""Configuration items and how they stand on each other."""

from migrations.script import apply, run_script

revision = "3_configurations"
down_revision = "2_locations"


def upgrade() -> None:
    apply("configurations")
    run_script(revision)
