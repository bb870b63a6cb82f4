"""Location types, the first plain catalog, and locations: a tree with paths."""

from migrations.script import apply, run_script

revision = "2_locations"
down_revision = "1_foundation"


def upgrade() -> None:
    apply("locations")
    run_script(revision)
