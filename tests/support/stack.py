"""The whole API for one test process: PostgreSQL, a migrated database, servers in front of it."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

import psutil
import pytest

from local.postgres import Postgres
from local.settings import OPEN_DOORS, as_role
from nexus import telemetry
from nexus.aws import storage
from nexus.db.engine import engine
from nexus.settings import settings

REPOSITORY = Path(__file__).parents[2]
NOWHERE = "postgresql://nowhere/none"  # where no database is asked
PYTHON_PATH = os.pathsep.join(
    str(REPOSITORY / folder) for folder in ("functions", "layers/nexus", ".")
)


@dataclass(frozen=True)
class Database:
    """A migrated database, by the URLs of those who may enter it. `store` leads to the attachments'
    store, where there is one."""

    superuser_url: str
    app_password: str
    token_key: str
    admin_email: str
    admin_password: str
    store: Mapping[str, str] = field(default_factory=dict)

    @property
    def app_url(self) -> str:
        return as_role(self.superuser_url, "nexus_app", self.app_password)

    @property
    def jobs_url(self) -> str:
        return as_role(self.superuser_url, "nexus_housekeeping", self.app_password)

    def variables(self, url: str) -> dict[str, str]:
        return {
            **OPEN_DOORS,
            **os.environ,
            **self.store,
            "PYTHONPATH": PYTHON_PATH,
            "NEXUS_DATABASE_URL": url,
            "NEXUS_TOKEN_KEY": self.token_key,
        }

    def masters_variables(self) -> dict[str, str]:
        """Of the migrations."""
        return {
            **self.variables(self.superuser_url),
            "NEXUS_APP_PASSWORD": self.app_password,
            "NEXUS_HOUSEKEEPING_PASSWORD": self.app_password,
            "NEXUS_ADMIN_EMAIL": self.admin_email,
            "NEXUS_ADMIN_PASSWORD": self.admin_password,
        }

    def migrate(self) -> None:
        command = [sys.executable, "-m", "migrations.runner"]
        subprocess.run(command, cwd=REPOSITORY, env=self.masters_variables(), check=True)


def new_database(postgres: Postgres, name: str) -> Database:
    postgres.create_database(name)
    password, key, admin = (secrets.token_hex(32) for _ in range(3))
    database = Database(postgres.url(name), password, key, "root@example.org", admin)
    database.migrate()
    return database


@dataclass(frozen=True)
class Server:
    """A running API: where it is called, and the process whose children answer."""

    address: str
    process: psutil.Process

    def workers(self) -> list[psutil.Process]:
        """The oldest first."""
        return sorted(children(self.process, "nexus-worker"), key=psutil.Process.create_time)


def children(process: psutil.Process, name: str) -> list[psutil.Process]:
    """Those that go by this name."""
    return [child for child in process.children() if _name(child) == name]


def _name(process: psutil.Process) -> str:
    try:
        return process.name()
    except psutil.Error:
        return ""  # it has ended meanwhile


@contextmanager
def server(
    database: Database,
    workers: int = 4,
    log: IO[str] | None = None,
    program: str = "tests.support.server",
    **settings: str,
) -> Iterator[Server]:
    """A server, as long as it is needed."""
    variables = {
        **database.variables(database.app_url),
        "PORT": "0",
        "WORKERS": str(workers),
        "NEXUS_LOG_LEVEL": "WARNING",
        **settings,
    }
    command = [sys.executable, "-m", program]
    process = subprocess.Popen(
        command, cwd=REPOSITORY, env=variables, stdout=subprocess.PIPE, stderr=log, text=True
    )
    output = cast("IO[str]", process.stdout)
    with ThreadPoolExecutor(1) as thread:
        try:
            address = output.readline().strip()  # the first line that it says
            assert address.startswith("http://"), "the server did not start"
            thread.submit(_drain, output, log)
            yield Server(address, psutil.Process(process.pid))
        finally:
            process.terminate()
            process.wait()


@contextmanager
def serving(
    database: Database,
    workers: int = 4,
    log: IO[str] | None = None,
    program: str = "tests.support.server",
    **settings: str,
) -> Iterator[str]:
    """The address of a server, as long as it is needed."""
    with server(database, workers, log, program, **settings) as running:
        yield running.address


@contextmanager
def kernel(**variables: str) -> Iterator[None]:
    """The kernel in this process, as a function that begins with these settings has it."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        _begin_anew()
        yield
    _begin_anew()


def _begin_anew() -> None:
    if engine.cache_info().currsize:
        engine().dispose()
    engine.cache_clear()
    settings.cache_clear()
    storage.client.cache_clear()
    if telemetry.logger.cache_info().currsize:  # Powertools' own keeps the level it was made with
        telemetry.logger().setLevel(os.environ.get("NEXUS_LOG_LEVEL") or "INFO")


def _drain(output: IO[str], log: IO[str] | None) -> None:
    """A server whose output nobody reads stops when the pipe is full."""
    for line in output:
        if log:
            log.write(line)
