"""A request's way to its route: short where a gateway knows it, and there where none does."""

import importlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.routing import APIRoute
from starlette.responses import Response

from infra import modules
from nexus.app import create_app
from nexus.aws.handler import lambda_handler
from nexus.http.routing import UnitOfWorkRoute, resource_router
from tests.support.api import Api, Json
from tests.support.events import event
from tests.support.inside import InProcess
from tests.support.people import Tenant
from tests.support.stack import Database, kernel

type Inside = Callable[[Api], Api]


@pytest.fixture
def only_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody may ask a route whether it is meant."""

    def refuse(*_: object) -> None:
        raise AssertionError("walked over the routes")

    monkeypatch.setattr(APIRoute, "matches", refuse)


@pytest.fixture
def settings(database: Database) -> Iterator[None]:
    with kernel(**database.variables(database.app_url)):
        yield


@pytest.fixture
def group(tenant: Tenant) -> Json:
    return tenant.new_group()


@pytest.mark.usefixtures("only_looked_up")
def test_behind_the_local_gateway_no_route_is_looked_for(
    inside: Inside, tenant: Tenant, group: Json
) -> None:
    assert inside(tenant.admin).get(f"/groups/{group['id']}") == group


@pytest.mark.usefixtures("only_looked_up")
def test_behind_the_deployed_gateway_no_route_is_looked_for(
    inside: Inside, tenant: Tenant, group: Json
) -> None:
    inside(tenant.admin)
    path, tenant_id = {"group_id": group["id"]}, {"X-Tenant-Id": tenant.id}
    token = str(tenant.admin.token)
    asked = event("GET", "/groups/{group_id}", token, path=path, headers=tenant_id)
    answer = importlib.import_module("system.app").handler(asked, None)
    assert json.loads(answer["body"]) == group


def test_without_a_gateway_an_app_finds_its_routes(
    inside: Inside, tenant: Tenant, group: Json
) -> None:
    inside(tenant.admin)
    app = importlib.import_module("system.app").app
    with httpx.Client(base_url="http://app", transport=InProcess(app)) as http:
        caller = tenant.admin.through(http)
        assert caller.get(f"/groups/{group['id']}") == group
        caller.refused(405, "PUT", f"/groups/{group['id']}")
        caller.refused(404, "GET", "/nowhere")


def test_every_route_is_solved_without_what_it_does_not_have() -> None:
    routes = [route for app in modules.apps().values() for route in app.routes]
    left = [r.path for r in routes if isinstance(r, UnitOfWorkRoute) and not r.is_plain]
    assert left == []


def echo() -> FastAPI:
    """An app that answers with what it was sent."""
    router = resource_router()

    @router.post("/echo/{name}", operation_id="echo")
    async def answer(request: Request) -> Response:
        sent = {
            "headers": request.headers.getlist("x-sent"),
            "path": request.path_params,
            "query": request.scope["query_string"].decode(),
            "body": (await request.body()).decode(),
        }
        response = Response(json.dumps(sent), media_type="application/json")
        response.headers.append("x-answered", "one")
        response.headers.append("x-answered", "two")
        return response

    return create_app("echo", router)


def answered(asked: dict[str, Any]) -> tuple[Any, dict[str, str]]:
    answer = lambda_handler(echo())(asked, None)
    assert answer["statusCode"] == 200, answer
    return json.loads(answer["body"]), answer["headers"]


@pytest.mark.usefixtures("settings")
def test_an_event_arrives_as_it_was_sent() -> None:
    asked = event("POST", "/echo/{name}", "", path={"name": "Zo%C3%AB"})
    asked["multiValueHeaders"]["X-Sent"] = ["one", "two"]
    asked["multiValueQueryStringParameters"] = {"a": ["1,2", "3 & 4"]}
    asked |= {"body": "eyJhIjogMX0=", "isBase64Encoded": True}
    sent, headers = answered(asked)
    assert sent["headers"] == ["one", "two"]
    assert sent["query"] == "a=1%2C2&a=3+%26+4"
    assert sent["path"] == {"name": "Zoë"}
    assert sent["body"] == '{"a": 1}'
    assert headers["x-answered"] == "one, two"
