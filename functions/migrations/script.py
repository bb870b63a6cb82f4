"""Revisions are SQL: tables and indexes beside them, functions as they are now in `sql/`."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from alembic import op
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from migrations.master import sqlstate_of

HERE = Path(__file__).parent
ATTEMPTS = 40
PAUSE = 1.0  # seconds, for those who waited to go first
TAKEN = ("55P03", "40P01")  # the lock was not to be had in time, or by a deadlock
# Nobody waits behind these. Alembic has asked for the isolation level, for which the driver began a
# transaction, and what env.py sets is over with it.
ENTER = (
    "COMMIT",
    "SET ROLE nexus_owner",
    "SET lock_timeout = '60s'",
    "SET statement_timeout = '600s'",
)
LEAVE = ("RESET ROLE", "RESET lock_timeout", "RESET statement_timeout")
IS_VALID = text("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)")


def run_script(name: str) -> None:
    """Run a file of `versions/`; without parameters the driver takes % for no placeholder."""
    op.get_bind().exec_driver_sql((HERE / "versions" / f"{name}.sql").read_text())


def run_exclusively(name: str) -> None:
    """Run a file that takes what others use. Whoever comes waits behind one that waits for it: so
    it waits for less than the time after which a deadlock is looked for, and lets them go first."""
    connection = op.get_bind()
    for left in reversed(range(ATTEMPTS)):
        try:
            with connection.begin_nested():
                connection.exec_driver_sql("SET LOCAL lock_timeout = '500ms'")
                run_script(name)
        except DBAPIError as error:
            if not left or sqlstate_of(error) not in TAKEN:
                raise
            time.sleep(PAUSE)
        else:
            return


def concurrently(*statements: str) -> None:
    """Run statements while others read and write, each by itself. What went before is committed:
    where one fails, or the run breaks off, all of the revision is run again."""
    with _by_itself() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def index_concurrently(indexes: Mapping[str, str]) -> None:
    """Make indexes, as `concurrently`. One that an earlier run completed stays."""
    with _by_itself() as connection:
        for name, of in indexes.items():
            if not connection.scalar(IS_VALID, {"name": name}):
                connection.exec_driver_sql(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
                connection.exec_driver_sql(f"CREATE INDEX CONCURRENTLY {name} ON {of}")


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


@contextmanager
def _by_itself() -> Iterator[Connection]:
    """Each statement is a transaction; behind them Alembic begins one, also where one fails."""
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        for statement in ENTER:
            connection.exec_driver_sql(statement)
        try:
            yield connection
        finally:
            for statement in LEAVE:
                connection.exec_driver_sql(statement)
