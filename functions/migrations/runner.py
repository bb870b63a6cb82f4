"""Brings a database to this code's head revision: `python -m migrations.runner`."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from migrations import master
from migrations.bootstrap import bootstrap
from nexus.settings import SettingInvalid, settings

VERSIONS = Path(__file__).parent / "versions"
# What the history was called before it was cut anew.
BEFORE_THE_CUT = [f"000{number}" for number in range(1, 8)]
LOCK_KEY = 0x6E65787573  # "nexus"
PATIENCE = "300s"  # for another run that holds the lock
# Lambda freezes a run that was late, its connection open: the server ends what that has locked.
IF_FROZEN = """
    SELECT set_config('idle_in_transaction_session_timeout', '30s', false),
           set_config('idle_session_timeout', '60s', false),
           set_config('client_connection_check_interval', '1s', false)
"""


class MigrationError(Exception):
    """Says in one line, without a secret, why the database was left as it is."""


class DatabaseUnreachable(MigrationError):
    """No connection could be made."""


class OlderHistory(MigrationError):
    """The database was made before the history was cut anew."""


class NewerRevision(MigrationError):
    """The database was migrated by a release that this code does not know."""


def upgrade(url: str) -> None:
    """Migrate to head on the direct URL of a superuser (or the master), then bootstrap."""
    with connected(url) as connection, _alone(connection):
        _refuse_foreign(connection)
        command.upgrade(_config(connection), "head")
        _bootstrap(connection)


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A session of the master's. Raises DatabaseUnreachable."""
    at = make_url(url)
    try:
        _knock(at)
        connection = master.connect(at)
    except (DBAPIError, OSError) as error:
        raise DatabaseUnreachable(_unreachable(at, error)) from error
    with connection:
        with connection.begin():
            connection.exec_driver_sql(IF_FROZEN)
        yield connection


def expected_head() -> str:
    """The revision that this code was written for."""
    head = _scripts().get_current_head()
    if head is None:
        raise MigrationError("there is no revision to migrate to")
    return head


def _bootstrap(connection: Connection) -> None:
    with connection.begin():
        bootstrap(connection, settings())


def _knock(url: URL) -> None:
    """The driver would wait minutes for a host that does not answer."""
    socket.create_connection((url.host or "127.0.0.1", url.port or 5432), timeout=10).close()


def _unreachable(url: URL, error: Exception) -> str:
    where = f"{url.host}:{url.port or 5432}/{url.database}"
    return f"the database at {where} cannot be reached: {reason(error)}"


def reason(error: Exception) -> str:
    """The driver's message without SQLAlchemy's: that one carries the parameters."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    said = cause.args[0] if cause is not None and cause.args else cause
    return str(said.get("M", said) if isinstance(said, dict) else said)


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """Hold a lock that outlives each revision's transaction; closing the session frees it."""
    try:
        with connection.begin():
            connection.execute(text("SELECT set_config('lock_timeout', :t, true)"), {"t": PATIENCE})
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK_KEY})
    except DBAPIError as error:
        raise MigrationError(f"another migration did not end: {reason(error)}") from error
    yield


def _refuse_foreign(connection: Connection) -> None:
    with connection.begin():
        heads = MigrationContext.configure(connection).get_current_heads()
    for revision in heads:
        if revision in BEFORE_THE_CUT:
            raise OlderHistory(
                f"the database is at revision {revision} of an earlier history, from which no"
                " migration leads on: begin anew with an empty database (for `make run`, remove"
                " its data folder)"
            )
        if not _is_known(revision):
            raise NewerRevision(f"the database is at revision {revision}, which is newer than this")


def _is_known(revision: str) -> bool:
    try:
        return _scripts().get_revision(revision) is not None
    except CommandError:
        return False


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("version_locations", str(VERSIONS))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def main() -> None:
    """Ends the process with a line that says why the database was left as it is."""
    try:
        upgrade(settings().database_url)
    except (MigrationError, SettingInvalid) as refused:
        sys.exit(f"nexus: {refused}")


if __name__ == "__main__":
    main()
