"""What belongs to no resource: health, the document, the docs page, unknown paths, headers."""

import json

import pytest

from tests.support.api import Api, Json
from tests.support.people import World
from tests.support.stack import REPOSITORY

METHODS = {"get", "post", "patch", "put", "delete"}


@pytest.fixture(scope="module")
def document(world: World) -> Json:
    answer: Json = world.stranger().get("/openapi.json")
    return answer


def operations(document: Json) -> list[tuple[str, str, Json]]:
    return [
        (method, path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]


def test_health_needs_no_token(world: World) -> None:
    assert world.stranger().get("/health")["status"] == "ok"


def test_the_document_is_the_one_that_make_check_validates(document: Json) -> None:
    path = REPOSITORY / "functions" / "system" / "openapi.json"
    assert document == json.loads(path.read_text())


def test_the_document_names_each_operation(document: Json) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names))
    assert {"groups.list", "groups.create", "tenants.archive", "me.signin"} <= set(names)


def test_the_document_tells_module_summary_and_problems(document: Json) -> None:
    for method, path, operation in operations(document):
        where = f"{method} {path}"
        assert operation["tags"], where
        assert operation["summary"], where
        refusals = [s for s in operation["responses"] if s.startswith(("4", "5"))]
        for status in refusals:
            content = operation["responses"][status]["content"]
            assert list(content) == ["application/problem+json"], where


def test_the_document_tells_who_has_to_sign_in(document: Json) -> None:
    (scheme,) = document["components"]["securitySchemes"].values()
    assert scheme["type"] == "oauth2"
    assert scheme["flows"]["password"]["tokenUrl"].endswith("me/signin")
    open_ = {
        f"{method} {path}"
        for method, path, operation in operations(document)
        if not operation.get("security", document.get("security"))
    }
    assert open_ == {
        "post /me/signup",
        "post /me/signin",
        "get /health",
        "get /openapi.json",
        "get /docs",
    }


def test_the_document_has_examples(document: Json) -> None:
    create = document["paths"]["/groups"]["post"]["requestBody"]["content"]["application/json"]
    assert "example" in str(create) + str(schema(document, create["schema"]))


def schema(document: Json, reference: Json) -> Json:
    name = reference["$ref"].rsplit("/", 1)[1]
    found: Json = document["components"]["schemas"][name]
    return found


def test_the_document_lists_the_problem_types(document: Json) -> None:
    text = str(document)
    for slug in ("no-tenant-selected", "user-shared", "not-found"):
        assert f"/problems/{slug}" in text


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
