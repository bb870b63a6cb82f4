"""Location types, the first plain catalog."""

from pathlib import Path

from migrations.script import run_script

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run_script(Path(__file__).with_suffix(".sql"))
