"""Revisions are SQL files beside them."""

from pathlib import Path

from alembic import op


def run_script(path: Path) -> None:
    """Run a file of statements as it stands: without parameters the driver reads no placeholders."""
    op.get_bind().exec_driver_sql(path.read_text())
