"""From a reserved port to a served API: the database, its revision, demo data, the workers."""

import os
import shlex
import socket
from functools import partial

from local.database import Administrator, Migration, is_fresh, server
from local.log import Log
from local.postgres import Postgres, PostgresFailed
from local.refusal import Refused
from local.settings import APP_ROLE, JOBS_ROLE, RunSettings, Secrets, as_role, open_doors
from local.store.process import Store


def run(settings: RunSettings, listener: socket.socket) -> None:
    """Serves until a signal."""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as failure:
        raise Refused(f"NEXUS_DATA_DIR cannot be a folder: {failure.strerror}.") from None
    with (
        Migration() as migration,
        server(settings) as postgres,
        Log(settings.data_dir / "api.log") as log,
        Store(settings.data_dir / "attachments", log.fileno()) as store,
    ):
        _serve(settings, listener, migration, postgres, log, store)


def _serve(
    settings: RunSettings,
    listener: socket.socket,
    migration: Migration,
    postgres: Postgres | None,
    log: Log,
    store: Store,
) -> None:
    url = postgres.url() if postgres else settings.database_url or ""
    kept = Secrets.of(settings.data_dir)
    is_new = is_fresh(url)
    migration.begin(url, settings, kept)
    from local import gateway, housekeeping  # import the modules while the migrations run
    from local.server import serve

    served = gateway.load()
    administrator = migration.finish()
    _prepare(url, kept, store)
    password = settings.admin_password or administrator.new_password
    if is_new and settings.demo and password:
        from local import demo

        demo.load(administrator.email, password, log)

    def tend() -> None:
        log.revive()
        store.revive()
        if postgres:
            postgres.log.revive()
            if not postgres.is_running:
                raise PostgresFailed(f"PostgreSQL has died (log: {postgres.log.path}).")

    serve(
        served,
        listener,
        settings.workers,
        on_ready=lambda address: print(_welcome(address, settings, administrator), flush=True),
        log=log,
        jobs=partial(housekeeping.run, as_role(url, JOBS_ROLE, kept.housekeeping_password)),
        tend=tend,
    )


def _prepare(url: str, kept: Secrets, store: Store) -> None:
    """What the kernel reads from its environment. An account that somebody has in AWS is none of
    this run's business."""
    open_doors()
    os.environ["NEXUS_DATABASE_URL"] = as_role(url, APP_ROLE, kept.app_password)
    os.environ["NEXUS_TOKEN_KEY"] = kept.token_key
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(store.variables())


def _welcome(address: str, settings: RunSettings, administrator: Administrator) -> str:
    password = administrator.new_password
    fields = f"username={administrator.email}", f"password={password or 'PASSWORD'}"
    form = " ".join(f"--data-urlencode {shlex.quote(field)}" for field in fields)
    return "\n".join(
        (
            f"Nexus is at {address} with its documentation at {address}/docs; Ctrl-C stops it.",
            f"  Administrator: {administrator.email}",
            f"  Password:      {_about_password(administrator)}",
            f"  Data and logs: {settings.data_dir}",
            "Sign in with:",
            f"  curl {address}/me/signin {form}",
        )
    )


def _about_password(administrator: Administrator) -> str:
    if administrator.new_password:
        return f"{administrator.new_password}  (shown this once)"
    if administrator.has_other_password:
        return "another than NEXUS_ADMIN_PASSWORD, set before; `make password` sets a new one"
    return "the one that was set"
