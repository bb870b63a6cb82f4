"""Revisions are SQL files beside them."""

from pathlib import Path

from alembic import op


def run_script(path: Path) -> None:
    """Run a file of statements; without parameters the driver takes % for no placeholder."""
    op.get_bind().exec_driver_sql(path.read_text())
