"""A backup is restored to a point in time: what docs/operations.md says of it holds there."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from pg8000.native import literal

from local.files import write_private
from local.gateway import Gateway
from local.ports import HOST
from local.postgres import PROGRAMS, Postgres
from local.unprivileged import hand_over
from tests.support.api import Api
from tests.support.database import Session
from tests.support.inside import InProcess
from tests.support.people import Tenant, World
from tests.support.stack import Database, kernel, new_database


@dataclass(frozen=True)
class Restored:
    """The database as it was at a time, and who was there before and after."""

    http: httpx.Client
    database: Database
    before: Tenant
    after: Tenant
    signed_out: Api


def archiving(folder: Path, archive: Path) -> Postgres:
    """A server that hands over each file of its log once that is whole."""
    archive.mkdir()
    hand_over(archive)
    postgres = Postgres(folder, durable=False)
    with postgres, Session(postgres.url("postgres")) as session:
        session.run("ALTER SYSTEM SET archive_mode = on")
        session.run(f"ALTER SYSTEM SET archive_command = {literal(f'cp %p {archive}/%f')}")
    return postgres


def back_up(postgres: Postgres, target: Path) -> None:
    where = ["--host", HOST, "--port", str(postgres.port), "--username", "postgres"]
    how = ["--wal-method=none", "--checkpoint=fast", "--no-sync", "--pgdata", str(target)]
    password = {**os.environ, "PGPASSWORD": postgres.password}
    subprocess.run([PROGRAMS / "pg_basebackup", *where, *how], env=password, check=True)


def recovering(backup: Path, archive: Path, time: str, password: str) -> Postgres:
    """The server that goes on from there, on a folder that has the backup in it."""
    settings = {
        "restore_command": f"cp {archive}/%f %p",
        "recovery_target_time": time,
        "recovery_target_action": "promote",
    }
    lines = [f"{name} = {literal(value)}\n" for name, value in settings.items()]
    (backup / "postgresql.auto.conf").write_text("".join(lines))
    (backup / "recovery.signal").touch()
    write_private(backup.parent / "password", password)
    return Postgres(backup.parent, durable=False)


@contextmanager
def api(database: Database, gateway: Gateway) -> Iterator[World]:
    """Requests are served from the database by the role that they are served by in AWS."""
    transport = InProcess(gateway)
    with (
        kernel(**database.variables(database.app_url)),
        httpx.Client(base_url="http://testserver", transport=transport) as http,
    ):
        yield World("", http, Api(http))


@pytest.fixture(scope="module")
def restored(gateway: Gateway, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Restored]:
    folder = tmp_path_factory.mktemp("restore")
    archive, backup = folder / "archive", folder / "restored" / "cluster"
    backup.parent.mkdir()
    with archiving(folder / "lost", archive) as lost:
        database = new_database(lost, "nexus")
        back_up(lost, backup)
        with api(database, gateway) as world:
            before, signed_out = world.new_tenant(), world.sign_up()
            with Session(database.superuser_url) as session:
                time = session.value("SELECT clock_timestamp()::text")
            after = world.new_tenant()
            signed_out.expect(204, "POST", "/me/signout")
    with recovering(backup, archive, time, lost.password) as server:
        now = replace(database, superuser_url=server.url())
        with api(now, gateway) as world:
            yield Restored(world.http, now, before, after, signed_out)


def test_what_came_before_is_there(restored: Restored) -> None:
    before = restored.before
    assert before.member.through(restored.http).get(f"/tenants/{before.id}")["name"] == before.name


def test_what_came_after_is_not(restored: Restored) -> None:
    """Nor are those who came then."""
    restored.after.admin.through(restored.http).refused(401, "GET", "/tenants")
    with Session(restored.database.superuser_url) as session:
        names = session.column("SELECT name FROM tenants")
    assert restored.before.name in names
    assert restored.after.name not in names


def test_it_is_well_and_takes_writes(restored: Restored) -> None:
    assert Api(restored.http).get("/health")["status"] == "ok"
    restored.before.admin.through(restored.http).patch(
        f"/tenants/{restored.before.id}", {"name": "written after"}
    )


def test_the_roles_and_the_walls_between_tenants_stand(restored: Restored) -> None:
    stranger = restored.signed_out.through(restored.http)
    stranger.refused(404, "GET", f"/tenants/{restored.before.id}")
    for url in (restored.database.app_url, restored.database.jobs_url):
        with Session(url) as session:
            assert session.value("SELECT count(*) FROM persons") == 0
            assert "permission denied" in session.refusal("CREATE TABLE public.made (id int)")


def test_sessions_that_have_ended_since_are_open_again(restored: Restored) -> None:
    """Which is why the guide has the token key replaced after a restore."""
    restored.signed_out.through(restored.http).get("/me")
