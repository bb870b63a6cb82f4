"""The database of `make run`: its own PostgreSQL or another one, at this code's revision."""

import json
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import unquote, urlsplit

from pg8000.exceptions import DatabaseError, InterfaceError
from pg8000.native import Connection

from local.files import DataDirInUse
from local.postgres import Postgres
from local.refusal import Refused, once_free
from local.settings import RunSettings, Secrets

DATABASE = "nexus"
CONNECT_SECONDS = 10
ROOT = Path(__file__).parent.parent


class DatabaseRefused(Refused):
    """The database is out of reach or not one for this code."""


@dataclass(frozen=True)
class Administrator:
    """Who can sign in first; the password is told only in the run that made it up."""

    email: str
    new_password: str | None
    has_other_password: bool = False  # than the one that the settings give


@contextmanager
def server(settings: RunSettings) -> Iterator[Postgres | None]:
    """The embedded server while it is needed, or None with `DATABASE_URL`."""
    if settings.database_url:
        yield None
        return
    folder = settings.data_dir / "postgres"
    if not folder.exists():
        print(f"Creating a database in {folder} ...", flush=True)
    postgres = Postgres(folder)
    once_free(postgres.start, DataDirInUse)
    try:
        if not postgres.has_database(DATABASE):
            postgres.create_database(DATABASE)
        yield postgres
    finally:
        postgres.stop()


@contextmanager
def existing(settings: RunSettings) -> Iterator[str]:
    """The superuser's URL of a database that a run has made, whether one is up now or not. Raises
    DatabaseRefused."""
    if settings.database_url:
        yield _filled(settings.database_url)
        return
    folder = settings.data_dir / "postgres"
    if not folder.exists():
        raise DatabaseRefused(f"There is no database in {folder}: `make run` makes one.")
    postgres = Postgres(folder)
    try:
        postgres.start()
    except DataDirInUse:
        postgres.join()
    try:
        yield _filled(postgres.url(DATABASE))
    finally:
        postgres.stop()


def _filled(url: str) -> str:
    if is_fresh(url):
        raise DatabaseRefused("The database is empty: `make run` fills it.")
    return url


class Migration:
    """`python -m local.migrate`, which imports what it needs while there is no database yet, and
    beside which this process can import what it serves."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "local.migrate"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def begin(self, url: str, settings: RunSettings, kept: Secrets) -> None:
        self._url = url
        self._email = settings.admin_email
        self._is_given = settings.admin_password is not None
        self._password = settings.admin_password or secrets.token_urlsafe(12)
        variables = {
            "NEXUS_DATABASE_URL": url,
            "NEXUS_APP_PASSWORD": kept.app_password,
            "NEXUS_HOUSEKEEPING_PASSWORD": kept.housekeeping_password,
            "NEXUS_ADMIN_EMAIL": self._email,
            "NEXUS_ADMIN_PASSWORD": self._password,
        }
        assert self._process.stdin  # noqa: S101 - for the type checker
        with suppress(BrokenPipeError), self._process.stdin as stdin:  # `finish` tells why it ended
            stdin.write(json.dumps(variables))
        self._process.stdin = None  # it has been told all

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Whoever is interrupted while it runs leaves no process behind."""
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait()

    def finish(self) -> Administrator:
        """Waits for the end; tells who can sign in. Raises DatabaseRefused."""
        said = self._process.communicate()[1].strip()
        if self._process.returncode:
            last_line = (said.splitlines() or ["the migrations failed without a word"])[-1]
            raise DatabaseRefused(last_line.removeprefix("nexus: "))
        rows = first_administrator(self._url)
        return self._administrator(*rows[0]) if rows else Administrator(self._email, None)

    def _administrator(self, email: str, password_hash: str) -> Administrator:
        """The migrations leave an administrator who is there already as he is."""
        from nexus.access.passwords import is_password

        is_own = is_password(password_hash, self._password)
        if self._is_given:
            return Administrator(email, None, has_other_password=not is_own)
        return Administrator(email, self._password if is_own else None)


def is_fresh(url: str) -> bool:
    """Whether no release has ever migrated the database."""
    try:
        with _connection(url) as connection:
            return bool(
                connection.run("SELECT to_regclass('public.alembic_version') IS NULL")[0][0]
            )
    except (InterfaceError, DatabaseError, OSError) as error:
        parts = urlsplit(url)
        where = f"{parts.hostname}:{parts.port or 5432}{parts.path}"
        raise DatabaseRefused(
            f"The database at {where} is out of reach: {_reason(error)}"
        ) from error


def first_administrator(url: str) -> list[list[str]]:
    """Address and password's hash in a row, if there is one."""
    sql = "SELECT email, password_hash FROM users WHERE username = 'administrator'"
    with as_owner(url) as connection:
        return connection.run(sql) or []


@contextmanager
def as_owner(url: str) -> Iterator[Connection]:
    """A connection of the one whom no policy hides anything from."""
    with _connection(url) as connection:
        connection.run("SET ROLE nexus_owner")
        yield connection


def _connection(url: str) -> Connection:
    parts = urlsplit(url)
    return Connection(
        unquote(parts.username or ""),
        parts.hostname or "127.0.0.1",
        parts.path.removeprefix("/"),
        parts.port or 5432,
        unquote(parts.password or ""),
        timeout=CONNECT_SECONDS,
    )


def _reason(error: Exception) -> str:
    said = error.args[0] if error.args else error
    return str(said["M"] if isinstance(said, dict) else error.__cause__ or said)
