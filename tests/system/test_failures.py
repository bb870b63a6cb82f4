"""When the database fails: nothing is answered as a success that is none, and nothing is told."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.api import Api, connect, slug
from tests.support.database import Session
from tests.support.people import Tenant, World, unique
from tests.support.races import at_once
from tests.support.stack import Database, serving

BOMB = "commit bomb"
EARLY_BOMB = "statement bomb"
SET_BOMB = [
    """CREATE FUNCTION public.explode() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'secret-word' USING ERRCODE = coalesce(NEW.description, '40001'); END $$
    """,
    f"""CREATE CONSTRAINT TRIGGER explode AFTER INSERT OR UPDATE ON groups
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.name LIKE '{BOMB}%')
    EXECUTE FUNCTION public.explode()""",
    f"""CREATE TRIGGER explode_early AFTER INSERT ON groups
    FOR EACH ROW WHEN (NEW.name LIKE '{EARLY_BOMB}%') EXECUTE FUNCTION public.explode()""",
]
DEFUSE = ["DROP FUNCTION public.explode CASCADE"]
# No connection, no room, no memory, shut down or crashed, a broken disk, lost or out of step.
OUT_OF_SERVICE = [
    *("53000", "53100", "53200", "53300", "53400", "57000", "57P01", "57P02", "57P03", "57P04"),
    *("57P05", "58000", "58030", "58P01", "58P02", "08000", "08003", "08006", "08P01"),
]
KILL = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'nexus_app'"


@pytest.fixture
def bomb(superuser: Session) -> Iterator[None]:
    for statement in SET_BOMB:
        superuser.run(statement)
    yield
    for statement in DEFUSE:
        superuser.run(statement)


@pytest.mark.usefixtures("bomb")
def test_a_failed_commit_is_no_success(tenant: Tenant) -> None:
    name = unique(BOMB)
    tenant.admin.refused(503, "POST", "/groups", {"name": name})
    assert tenant.admin.items("/groups", name=name) == []
    group = tenant.new_group()
    path = f"/groups/{group['id']}"
    tenant.admin.refused(503, "PATCH", path, {"name": name})
    assert tenant.admin.get(path) == group


@pytest.mark.usefixtures("bomb")
def test_a_failed_commit_uses_up_no_key(tenant: Tenant) -> None:
    key = {"Idempotency-Key": unique("key")}
    body = {"name": unique(BOMB)}
    for _ in range(2):
        answer = tenant.admin.expect(503, "POST", "/groups", json=body, headers=key)
        assert "idempotent-replayed" not in answer.headers


@pytest.mark.usefixtures("bomb")
@pytest.mark.parametrize("name", [EARLY_BOMB, BOMB])
@pytest.mark.parametrize("state", OUT_OF_SERVICE)
def test_a_database_out_of_service_is_no_bug_and_keeps_nothing(
    tenant: Tenant, state: str, name: str
) -> None:
    body = {"name": unique(name), "description": state}
    problem = tenant.admin.refused(503, "POST", "/groups", body)
    assert slug(problem) == "unavailable"
    assert "Nothing was changed" in problem["detail"]  # an error is a certain answer to COMMIT too
    assert "secret-word" not in str(problem)
    assert tenant.admin.items("/groups", name=body["name"]) == []


@pytest.mark.usefixtures("bomb")
def test_a_failure_is_logged_once_with_its_sqlstate(
    database: Database, tenant: Tenant, tmp_path: Path
) -> None:
    log, id_ = tmp_path / "log", unique("request").replace(" ", "-")
    body = {"name": unique(EARLY_BOMB), "description": "53100"}
    with (
        log.open("w") as output,
        serving(database, 1, output) as address,
        connect(address) as http,
    ):
        admin = tenant.admin.through(http)
        admin.refused(503, "POST", "/groups", body, headers={"X-Request-Id": id_})
    (line,) = [json.loads(line) for line in log.read_text().splitlines() if id_ in line]
    assert (line["level"], line["sqlstate"]) == ("WARNING", "53100")
    assert "secret-word" not in log.read_text()
    assert "Traceback" not in log.read_text()


def test_lost_connections_are_made_anew_without_an_error(
    world: World, tenant: Tenant, superuser: Session
) -> None:
    for _ in range(3):
        superuser.run(KILL)
        with connect(world.base_url) as http:
            admin = tenant.admin.through(http)
            calls = [lambda api=admin: api.send("GET", "/groups").status_code] * 16
            assert at_once(calls) == [200] * 16


def test_a_write_on_a_lost_connection_happens_once(
    world: World, tenant: Tenant, superuser: Session
) -> None:
    for _ in range(6):
        superuser.run(KILL)
        with connect(world.base_url) as http:
            name = unique("Once")
            answer = tenant.admin.through(http).send("POST", "/groups", json={"name": name})
        made = tenant.admin.items("/groups", name=name)
        assert (answer.status_code, len(made)) in {(201, 1), (503, 0)}


def test_a_database_out_of_reach_is_said(database: Database) -> None:
    nowhere = "postgresql://nexus_app:secret-word@127.0.0.1:1/nexus"
    with (
        serving(database, workers=1, NEXUS_DATABASE_URL=nowhere) as address,
        connect(address) as http,
    ):
        api = Api(http)
        for answer in (
            api.expect(503, "GET", "/health"),
            api.expect(503, "POST", "/me/signin", data={"username": "x", "password": "y"}),
            api.expect(
                503, "GET", "/me", headers={"Authorization": f"Bearer nxs_{'0' * 26}{'x' * 43}"}
            ),
        ):
            assert int(answer.headers["retry-after"]) >= 1
            assert "secret-word" not in answer.text
            assert "127.0.0.1" not in answer.text
        api.expect(200, "GET", "/docs")


@pytest.mark.parametrize("other", ["0000", "another_history"])
def test_health_tells_that_the_revision_is_another(
    other: str, world: World, superuser: Session
) -> None:
    revision = superuser.value("SELECT version_num FROM alembic_version")
    superuser.run("UPDATE alembic_version SET version_num = :other", other=other)
    try:
        world.stranger().expect(503, "GET", "/health")
    finally:
        superuser.run("UPDATE alembic_version SET version_num = :revision", revision=revision)
    world.stranger().expect(200, "GET", "/health")


@contextmanager
def limited(superuser: Session, setting: str, value: str) -> Iterator[None]:
    """Another limit for the API's role, in connections made from now on."""
    superuser.run(f"ALTER ROLE nexus_app IN DATABASE nexus SET {setting} = '{value}'")
    superuser.run(KILL)
    try:
        yield
    finally:
        superuser.run(f"ALTER ROLE nexus_app IN DATABASE nexus RESET {setting}")
        superuser.run(KILL)


@pytest.mark.parametrize("setting", ["statement_timeout", "lock_timeout"])
def test_a_request_past_its_deadline_has_changed_nothing(
    database: Database, superuser: Session, tenant: Tenant, setting: str
) -> None:
    group = tenant.new_group()
    path = f"/groups/{group['id']}"
    with limited(superuser, setting, "300ms"), Session(database.superuser_url) as other:
        with other.undone():
            other.run("SELECT FROM groups WHERE id = :id FOR UPDATE", id=group["id"])
            problem = tenant.admin.refused(503, "PATCH", path, {"name": unique("Late")})
            assert slug(problem) != "internal-error"
        assert tenant.admin.get(path) == group
