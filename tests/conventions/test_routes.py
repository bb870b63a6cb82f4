"""Routes are those promised, everywhere the same, and each asks who calls."""

import re
from typing import Any

import pytest

from tests.contract.resource import NOBODYS_ID
from tests.conventions.routes import METHODS, PUBLIC, Promised, documented, promised
from tests.support.documented import PATHS
from tests.support.gateway_definition import checked_in
from tests.support.makers import NO_IDS, in_path
from tests.support.people import World

ROUTES = promised()
CLOSED = [route for route in ROUTES if (route.method, route.path) not in PUBLIC]


def filled(path: str) -> str:
    return re.sub(r"\{\w+\}", NOBODYS_ID, path)


def named(route: Promised) -> str:
    return f"{route.method} {route.path}"


@pytest.fixture(scope="module")
def document(world: World) -> dict[str, Any]:
    answer: dict[str, Any] = world.stranger().get("/openapi.json")
    return answer


def test_the_document_has_the_promised_routes_and_no_others(document: dict[str, Any]) -> None:
    expected = {(route.method, route.path, route.status) for route in ROUTES}
    assert documented(document) == expected


def test_the_gateway_has_the_promised_routes_and_no_others() -> None:
    found = {
        (method.upper(), path)
        for path, item in checked_in()["paths"].items()
        for method in METHODS
        if method in item
    }
    assert found == {(route.method, route.path) for route in ROUTES}


def test_the_gateway_sends_each_route_to_its_module() -> None:
    paths = checked_in()["paths"]
    for route in ROUTES:
        integration = paths[route.path][route.method.lower()][INTEGRATION]
        assert route.module in str(integration["uri"]).lower(), named(route)


INTEGRATION = "x-amazon-apigateway-integration"


@pytest.mark.parametrize("route", CLOSED, ids=named)
def test_who_does_not_say_who_calls_is_refused(world: World, route: Promised) -> None:
    stranger, path = world.stranger(), filled(route.path)
    stranger.expect(401, route.method, path)
    stranger.expect(401, route.method, path, json={"colour": "red"})
    stranger.expect(401, route.method, path, content=b"{", headers={"Content-Type": "x/y"})


@pytest.mark.parametrize("route", CLOSED, ids=named)
def test_whose_token_is_wrong_is_refused_first(world: World, route: Promised) -> None:
    """Reads learn who calls with their first query; what is wrong before it tells nothing."""
    unknown = f"nxs_{NOBODYS_ID}{'A' * 43}"
    headers = {"Authorization": f"Bearer {unknown}"}
    for path in (filled(route.path), re.sub(r"\{\w+\}", "x", route.path)):
        for query in ("", "?limit=0", "?nonsense=1", "?cursor=AAAA"):
            world.stranger().expect(401, route.method, path + query, headers=headers)


@pytest.mark.parametrize(("method", "path"), sorted(PUBLIC))
def test_public_routes_are_open(world: World, method: str, path: str) -> None:
    assert world.stranger().send(method, in_path(path, NO_IDS)).status_code in {200, 415, 422}


def test_every_parameter_of_a_path_is_in_the_document() -> None:
    for route in ROUTES:
        operation = PATHS[route.path][route.method.lower()]
        given = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
        assert given == set(re.findall(r"\{(\w+)\}", route.path)), named(route)
