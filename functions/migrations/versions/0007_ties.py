"""What holds a record, how large attributes are, which users persons have."""

from pathlib import Path

from migrations.script import run_script

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    run_script(Path(__file__).with_suffix(".sql"))
