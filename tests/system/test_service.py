"""What belongs to no resource: health, the docs page, unknown paths, headers."""

import pytest

from tests.support.api import Api
from tests.support.people import World


def test_health_needs_no_token(world: World) -> None:
    assert world.stranger().get("/health")["status"] == "ok"


def test_the_docs_page_loads_nothing_from_elsewhere(world: World) -> None:
    page = world.stranger().expect(200, "GET", "/docs")
    assert page.headers["content-type"].startswith("text/html")
    for attribute in ('src="http', "src='http", 'src="//', 'href="http', 'href="//', "@import"):
        assert f"<script {attribute}" not in page.text
        assert f"<link {attribute}" not in page.text
    assert "cdn." not in page.text
    assert "fonts.googleapis" not in page.text


@pytest.mark.parametrize("path", ["/nothing", "/groups/", "/me/", "/groups/x/y/z"])
def test_an_unknown_path_is_not_found(world: World, path: str) -> None:
    world.stranger().refused(404, "GET", path)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/groups", {"GET", "POST"}),
        ("DELETE", "/me", {"GET", "PATCH"}),
        ("GET", "/me/signin", {"POST"}),
        ("POST", "/health", {"GET", "HEAD"}),
        ("TRACE", "/groups", {"GET", "POST"}),
    ],
)
def test_an_unknown_method_is_refused(
    world: World, method: str, path: str, allowed: set[str]
) -> None:
    answer = world.stranger().expect(405, method, path)
    assert {word.strip() for word in answer.headers["allow"].split(",")} == allowed


@pytest.mark.parametrize("sane", ["abc-123", "A" * 64, "01J0000000000000000000000Z"])
def test_a_sane_request_id_is_kept(world: World, sane: str) -> None:
    answer = world.stranger().send("GET", "/me", headers={"X-Request-Id": sane})
    assert answer.headers["x-request-id"] == sane
    assert sane in answer.json()["instance"]


@pytest.mark.parametrize("odd", ["", "a b", "x" * 1000, "<script>", "a\tb", "{}", "é"])
def test_an_odd_request_id_is_replaced(world: World, odd: str) -> None:
    answer = world.stranger().send("GET", "/me", headers={"X-Request-Id": odd.encode("latin-1")})
    assert answer.headers["x-request-id"] not in {odd, ""}


def test_two_requests_have_two_ids(world: World) -> None:
    ids = {world.stranger().send("GET", "/health").headers["x-request-id"] for _ in range(3)}
    assert len(ids) == 3


def test_no_origin_is_let_in_by_default(world: World) -> None:
    answer = world.stranger().send("GET", "/health", headers={"Origin": "https://example.org"})
    assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_an_odd_host_does_not_break_an_answer(world: World) -> None:
    caller = world.sign_up()
    answer = caller.expect(
        201,
        "POST",
        "/tenants",
        json={"name": caller.user["username"]},
        headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"},
    )
    assert "evil.example" not in answer.headers["location"]


def test_a_signed_in_request_leaves_nothing_to_the_next(world: World) -> None:
    """One connection, one process: the context of a caller ends with the request."""
    callers: list[Api] = [world.new_tenant().admin for _ in range(3)]
    for turn in range(30):
        caller = callers[turn % 3]
        assert {g["tenant_id"] for g in caller.items("/groups")} == {caller.tenant_id}
        world.stranger().refused(401, "GET", "/groups")
