"""A request has one deadline, before the gateway's; what is past it keeps nothing and says so."""

import json
import socket
from collections.abc import Callable
from contextvars import copy_context
from typing import Any

import pytest
from starlette.responses import Response

from infra.gateway import definition
from infra.modules import apps, operations
from nexus.app import create_app
from nexus.aws.handler import lambda_handler
from nexus.db import deadline
from nexus.http import idempotency, responses
from nexus.http.auth import Nobody
from nexus.http.routing import resource_router
from nexus.problems import DeadlineExceeded
from system.groups import Groups
from tests.database.wire import Wire
from tests.deploy.templates import template
from tests.support.api import Api, Json, slug
from tests.support.database import Session
from tests.support.events import event
from tests.support.inside import Reaching, at
from tests.support.people import Tenant, World, unique
from tests.support.races import eventually
from tests.support.stack import Database, kernel

type Inside = Callable[[Api], Api]
NOW = 1_800_000_000.0
# When a gateway took a request, and what is left of it.
TAKEN = [
    (None, 27.0),
    (NOW, 27.0),
    (NOW - 10, 17.0),
    (NOW - 28, 2.0),  # late, or one of the clocks is wrong
    (NOW - 3600, 27.0),  # one of them is
    (NOW + 3600, 27.0),
]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the clocks show, to be moved."""
    shown = [NOW]
    monkeypatch.setattr(deadline, "time", lambda: shown[0])
    monkeypatch.setattr(deadline, "monotonic", lambda: shown[0])
    return shown


@pytest.mark.parametrize(("taken_at", "left"), TAKEN)
def test_the_time_counts_from_when_the_gateway_took_the_request(
    clock: list[float], taken_at: float | None, left: float
) -> None:
    def wait() -> float:
        deadline.begin(taken_at)
        clock[0] += 1.5
        return deadline.time_left()

    assert copy_context().run(wait) == left - 1.5


def test_none_is_left_after_the_deadline(clock: list[float]) -> None:
    def wait() -> float:
        deadline.begin(NOW)
        clock[0] += deadline.SECONDS
        return deadline.time_left()

    with pytest.raises(DeadlineExceeded):
        copy_context().run(wait)


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(("taken_at", "left"), TAKEN)
def test_the_gateway_tells_when_it_took_the_request(
    database: Database, taken_at: float | None, left: float
) -> None:
    router = resource_router()

    @router.get("/left", operation_id="left", dependencies=[Nobody])
    async def tell() -> Response:
        return responses.value(deadline.time_left())

    asked = event("GET", "/left", "")
    if taken_at is not None:
        asked["requestContext"]["requestTimeEpoch"] = int(taken_at * 1000)
    with kernel(**database.variables(database.app_url)):
        answer = lambda_handler(create_app("left", router))(asked, None)
    assert json.loads(answer["body"]) == left


def test_limits_lie_within_one_another(superuser: Session) -> None:
    """A statement's, the request's, the function's, the gateway's; then an idle transaction's."""
    limits = template()["Globals"]["Function"]["Timeout"], deadline.GATEWAY_SECONDS
    assert deadline.SECONDS < limits[0] <= limits[1] <= 29
    (integration,) = {
        operation["x-amazon-apigateway-integration"]["timeoutInMillis"]
        for path in definition(operations(apps()))["paths"].values()
        for method, operation in path.items()
        if method != "options"
    }
    assert integration == deadline.GATEWAY_SECONDS * 1000
    for role in ("nexus_app", "nexus_housekeeping"):
        (config,) = superuser.column("SELECT rolconfig FROM pg_roles WHERE rolname = :r", r=role)
        seconds = {
            name: superuser.value("SELECT extract(epoch FROM :v::interval)::int", v=value)
            for name, _, value in (setting.partition("=") for setting in config)
            if name.endswith(("timeout", "interval"))
        }
        assert 0 < seconds["lock_timeout"] < seconds["statement_timeout"] < deadline.SECONDS
        assert seconds["idle_in_transaction_session_timeout"] > deadline.SECONDS
        assert 0 < seconds["client_connection_check_interval"] <= 1


def test_a_wait_ends_with_the_deadline_and_gives_up_its_locks(
    inside: Inside,
    tenant: Tenant,
    superuser: Session,
    holder: Session,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    admin, group = inside(tenant.admin), tenant.new_group()
    role = "ALTER ROLE nexus_app IN DATABASE nexus"
    for limit in ("lock_timeout", "statement_timeout"):  # it is not they that end the wait
        superuser.run(f"{role} SET {limit} = 0")
    try:
        monkeypatch.setattr(deadline, "SECONDS", 1.0)
        with holder.undone():
            holder.run("SELECT FROM groups WHERE id = :id FOR UPDATE", id=group["id"])
            problem = admin.refused(503, "PATCH", f"/groups/{group['id']}", {"name": "Late"})
            assert slug(problem) == "deadline-exceeded"
            eventually(lambda: not holder.holds_up_another())
    finally:
        for limit in ("lock_timeout", "statement_timeout"):
            superuser.run(f"{role} RESET {limit}")
    monkeypatch.undo()
    assert admin.get(f"/groups/{group['id']}") == group


def test_nothing_is_kept_when_the_time_is_up_before_commit(
    inside: Inside, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin, name = inside(tenant.admin), unique("Late")
    after_insert(monkeypatch, lambda: monkeypatch.setattr(deadline, "SECONDS", 0.0))
    problem = admin.refused(503, "POST", "/groups", {"name": name})
    assert slug(problem) == "deadline-exceeded"
    assert "nothing was changed" in problem["detail"]
    monkeypatch.undo()
    assert admin.items("/groups", name=name) == []


@pytest.mark.parametrize("lose", [Wire.lose_answers, Wire.cut])
def test_a_commit_whose_answer_does_not_come_is_uncertain(
    reaching: Reaching,
    database: Database,
    tenant: Tenant,
    monkeypatch: pytest.MonkeyPatch,
    lose: Callable[[Wire], None],
) -> None:
    name, port = unique("Uncertain"), int(database.app_url.rpartition(":")[2].partition("/")[0])
    with Wire(port) as wire, reaching(at(database, port=wire.port)) as http:

        def lose_it() -> None:
            lose(wire)
            monkeypatch.setattr(deadline, "SECONDS", 0.5)
            deadline.begin(None)

        after_insert(monkeypatch, lose_it)
        problem = tenant.admin.through(http).refused(503, "POST", "/groups", {"name": name})
    assert slug(problem) == "unavailable"
    assert "did not say whether it kept the change" in problem["detail"]
    if lose is Wire.lose_answers:
        assert eventually(lambda: tenant.admin.items("/groups", name=name))


def test_a_read_that_is_answered_stands_when_the_connection_is_lost(
    inside: Inside,
    world: World,
    superuser: Session,
    sockets: list[socket.socket],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    user = world.sign_up()

    def losing(respond: Callable[..., Response]) -> Callable[..., Response]:
        def lost(*given: Any) -> Response:
            sockets[-1].shutdown(socket.SHUT_RDWR)
            return respond(*given)

        return lost

    for name in ("page", "value"):
        monkeypatch.setattr(responses, name, losing(getattr(responses, name)))
    for touched in (True, False):  # it has a last use to keep, or nothing
        if touched:
            superuser.run(
                "UPDATE sessions SET last_used_at = now() - interval '1 hour' WHERE user_id = :id",
                id=user.user["id"],
            )
        assert len(inside(user).items("/me/sessions")) == 1
    inside(user).expect(200, "HEAD", "/health")


def test_a_replayed_answer_stands_when_the_connection_is_lost(
    inside: Inside,
    tenant: Tenant,
    sockets: list[socket.socket],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    admin, key = inside(tenant.admin), {"Idempotency-Key": unique("key")}
    body = {"name": unique("Once")}
    first = admin.post("/groups", body, headers=key)
    replay = idempotency._replay  # noqa: SLF001

    def lost(*given: Any) -> Response:
        sockets[-1].shutdown(socket.SHUT_RDWR)
        return replay(*given)

    monkeypatch.setattr(idempotency, "_replay", lost)
    answer = admin.expect(201, "POST", "/groups", json=body, headers=key)
    assert answer.json() == first
    assert answer.headers["idempotent-replayed"] == "true"


def after_insert(monkeypatch: pytest.MonkeyPatch, then: Callable[[], None]) -> None:
    """What happens between the statement that makes a group and its COMMIT."""
    insert = Groups.insert

    def insert_and(self: Groups, values: Json) -> Json:
        made = insert(self, values)
        then()
        return dict(made)

    monkeypatch.setattr(Groups, "insert", insert_and)
