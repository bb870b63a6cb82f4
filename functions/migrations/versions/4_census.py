"""Persons, identities and contacts."""

from migrations.script import apply, run_script

revision = "4_census"
down_revision = "3_configurations"


def upgrade() -> None:
    apply("census")
    run_script(revision)
