"""Revisions are SQL: tables and indexes beside them, functions as they are now in `sql/`."""

from pathlib import Path

from alembic import op

HERE = Path(__file__).parent


def run_script(name: str) -> None:
    """Run a file of `versions/`; without parameters the driver takes % for no placeholder."""
    op.get_bind().exec_driver_sql((HERE / "versions" / f"{name}.sql").read_text())


def apply(*names: str) -> None:
    """Create or replace functions as `sql/` has them: `kernel/audit`, or all of `kernel`. Nobody
    looks at their bodies yet: what those name may be made by a later revision."""
    connection = op.get_bind()
    connection.exec_driver_sql("SET LOCAL check_function_bodies = off")
    for name in names:
        folder = HERE / "sql" / name
        paths = sorted(folder.glob("*.sql")) if folder.is_dir() else [folder.with_suffix(".sql")]
        for path in paths:
            connection.exec_driver_sql(path.read_text())
