"""`make run`: PostgreSQL, the migrations, demo data and the API, with one command."""

import os
import shlex
import signal
import socket
import sys
from typing import Never

from local import demo
from local.database import Administrator, DatabaseRefused, Migration, is_fresh, server
from local.files import DataDirInUse
from local.gateway import load
from local.postgres import Postgres, PostgresFailed
from local.server import PortTaken, reserve, serve
from local.settings import APP_ROLE, RunSettings, Secrets, SettingRefused, as_role
from local.workers import WorkersFailed

REFUSALS = (DatabaseRefused, DataDirInUse, PortTaken, PostgresFailed, SettingRefused, WorkersFailed)


def main() -> None:
    """Runs until Ctrl-C or SIGTERM."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    settings = RunSettings.from_environment()
    with reserve(settings.port) as listener:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        with server(settings) as postgres:
            run(settings, listener, postgres)
    print("Nexus has stopped.", flush=True)


def run(settings: RunSettings, listener: socket.socket, postgres: Postgres | None) -> None:
    """Prepares the database and serves."""
    url = postgres.url() if postgres else settings.database_url or ""
    kept = Secrets.of(settings.data_dir)
    is_new = is_fresh(url)
    migration = Migration(url, settings, kept)
    gateway = load()  # imports the modules while the migrations run
    administrator = migration.finish()
    os.environ["NEXUS_DATABASE_URL"] = as_role(url, APP_ROLE, kept.app_password)
    os.environ["NEXUS_TOKEN_KEY"] = kept.token_key
    password = settings.admin_password or administrator.new_password
    if is_new and settings.demo and password:
        demo.load(gateway, administrator.email, password)

    def is_healthy() -> bool:
        if postgres and not postgres.is_running:
            raise PostgresFailed(f"PostgreSQL has died (log: {postgres.log}).")
        return True

    serve(
        gateway,
        listener,
        settings.workers,
        on_ready=lambda address: print(_welcome(address, settings, administrator), flush=True),
        is_healthy=is_healthy,
        log=settings.data_dir / "api.log",
    )


def _welcome(address: str, settings: RunSettings, administrator: Administrator) -> str:
    password = administrator.new_password
    told = f"{password}  (shown this once)" if password else "the one that was set before"
    fields = f"username={administrator.email}", f"password={password or 'PASSWORD'}"
    form = " ".join(f"--data-urlencode {shlex.quote(field)}" for field in fields)
    return "\n".join(
        (
            f"Nexus is at {address} with its documentation at {address}/docs; Ctrl-C stops it.",
            f"  Administrator: {administrator.email}",
            f"  Password:      {told}",
            f"  Data and logs: {settings.data_dir}",
            "Sign in with:",
            f"  curl {address}/me/signin {form}",
        )
    )


def _leave(*_: object) -> Never:
    """Unwinds what has been started; a second signal does not interrupt that."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise SystemExit(0)


if __name__ == "__main__":
    try:
        main()
    except REFUSALS as refusal:
        sys.exit(f"nexus: {refusal}")
