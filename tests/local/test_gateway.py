"""The local gateway: the deployed one's table, one request at a time, its own refusals."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from starlette.types import ASGIApp

from infra import modules
from local.gateway import Gateway
from tests.contract.resource import NOBODYS_ID
from tests.support.api import Api, connect, slug
from tests.support.gateway_definition import checked_in
from tests.support.inside import awaited


def names(name: str) -> FastAPI:
    """An app that says its name, and what it was given."""
    app = FastAPI()

    @app.api_route("/{path:path}", methods=["GET", "POST", "DELETE"])
    async def answer(request: Request) -> dict[str, Any]:
        return {"by": name, "size": len(await request.body())}

    return app


@pytest.fixture(scope="module")
def gateway() -> Gateway:
    one, other = names("one"), names("other")
    return Gateway(
        [
            ("GET", "/things", one),
            ("POST", "/things", other),
            ("GET", "/things/{thing_id}", one),
            ("GET", "/things/special", other),
            ("GET", "/things/{thing_id}/parts", other),
        ],
        names("refusals"),
    )


def call(app: ASGIApp, method: str, path: str, **options: Any) -> httpx.Response:
    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://nexus") as http:
            return await http.request(method, path, **options)

    return awaited(send())


@pytest.mark.parametrize(
    ("method", "path", "by"),
    [
        ("GET", "/things", "one"),
        ("POST", "/things", "other"),
        ("DELETE", "/things", "refusals"),
        ("GET", "/things/1", "one"),
        ("GET", "/things/special", "other"),
        ("GET", "/things/special/parts", "other"),
        ("GET", "/things/%C3%A9", "one"),
        ("GET", "/things/a%2Fb", "refusals"),
        ("GET", "/things/a%5Cb", "refusals"),
        ("GET", "/things/a%252Fb", "refusals"),
        ("DELETE", "/things/a%2Fb", "refusals"),
        ("GET", "/things/", "refusals"),
        ("GET", "/things//parts", "refusals"),
        ("GET", "/things/1/", "refusals"),
        ("GET", "/", "refusals"),
        ("GET", "/thing", "refusals"),
    ],
)
def test_a_request_reaches_who_serves_it(gateway: Gateway, method: str, path: str, by: str) -> None:
    assert call(gateway, method, path).json()["by"] == by


def test_the_whole_body_arrives(gateway: Gateway) -> None:
    assert call(gateway, "POST", "/things", content=b"x" * 3_000_000).json()["size"] == 3_000_000


def test_the_deployed_table_is_served_here() -> None:
    deployed = {
        (path, method.upper())
        for path, item in checked_in()["paths"].items()
        for method in item
        if method != "options"  # only where origins are configured
    }
    assert deployed == {(row.path, row.method) for row in modules.operations(modules.apps())}


def test_an_unknown_path_is_a_problem_like_any_other(base_url: str) -> None:
    answer = httpx.get(f"{base_url}/nothing/here")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["instance"] == answer.headers["X-Request-Id"]


def test_an_unknown_method_is_told_which_there_are(base_url: str) -> None:
    answer = httpx.put(f"{base_url}/groups")
    assert answer.status_code == 405
    assert {each.strip() for each in answer.headers["Allow"].split(",")} == {"GET", "POST"}
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/health", "/docs", "/openapi.json"])
def test_monitors_may_ask_for_the_head_alone(base_url: str, path: str) -> None:
    whole, head = httpx.get(f"{base_url}{path}"), httpx.head(f"{base_url}{path}")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Type"] == whole.headers["Content-Type"]
    assert httpx.post(f"{base_url}{path}").headers["Allow"] == "GET, HEAD"


def test_head_is_offered_nowhere_else(base_url: str) -> None:
    assert httpx.head(f"{base_url}/groups").status_code == 405


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_address_alone_leads_to_the_documentation(base_url: str, method: str) -> None:
    with connect(base_url) as http:
        answer = Api(http).expect(307, method, "/")
        assert answer.headers["Location"] == "/docs"
        assert Api(http).expect(405, "POST", "/").headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
def test_a_name_that_could_be_an_id_offers_its_own_methods(base_url: str, method: str) -> None:
    with connect(base_url) as http:
        order = f"/persons/{NOBODYS_ID}/contacts/order"
        refused = Api(http).expect(405, method, order)
        assert refused.headers["Allow"] == "PUT"
        assert slug(refused.json()) == "method-not-allowed"


@pytest.mark.parametrize("path", ["/persons/x/order", "/persons/x/contacts/order/1", "/orders"])
def test_what_nothing_leads_to_is_not_found(base_url: str, path: str) -> None:
    with connect(base_url) as http:
        for method in ("GET", "PUT"):
            assert slug(Api(http).refused(404, method, path)) == "not-found"
