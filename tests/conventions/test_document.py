"""The OpenAPI document tells all that is so, once, and is served for tools and caches. That answers
are what it says is looked at wherever one comes (tests/support/envelope.py)."""

import gzip
import json
from collections import Counter
from typing import Any

import pytest

from tests.conventions.routes import PUBLIC
from tests.support.api import Json
from tests.support.documented import COMPONENTS, DOCUMENT, PATHS, SCHEMAS, differences, filters
from tests.support.people import World

BY_NAME: dict[str, Json] = {
    f"{method.upper()} {path}": operation
    for path, item in PATHS.items()
    for method, operation in item.items()
}
each_operation = pytest.mark.parametrize("operation", BY_NAME.values(), ids=list(BY_NAME))
TEXT = DOCUMENT.read_text()
WHOLE: Json = json.loads(TEXT)
MOST = 1_100_000  # bytes, and a tenth of that compressed; docs/decisions/0026 says why so many
TAGS = {tag["name"] for tag in WHOLE["tags"]}


def test_it_is_served_as_it_is_checked_in(world: World) -> None:
    answer = world.stranger().expect(200, "GET", "/openapi.json")
    assert answer.content == DOCUMENT.read_bytes()
    assert answer.headers["cache-control"] == "public, max-age=300"


@pytest.mark.parametrize("path", ["/openapi.json", "/docs"])
def test_it_is_compressed_when_asked_for_and_sent_once(world: World, path: str) -> None:
    stranger = world.stranger()
    for asked in ("identity", "gzip;q=0, identity", "br, gzip; q=0.0", "not-gzip"):
        plain = stranger.expect(200, "GET", path, headers={"Accept-Encoding": asked})
        assert "content-encoding" not in plain.headers
        assert plain.headers["vary"] == "Accept-Encoding"
    for asked in ("gzip", "br, GZIP;q=0.5"):
        packed = stranger.expect(200, "GET", path, headers={"Accept-Encoding": asked})
        assert packed.headers["content-encoding"] == "gzip"
        assert packed.content == plain.content
        assert packed.headers["etag"] == plain.headers["etag"]
    for method in ("GET", "HEAD"):
        known = {"If-None-Match": plain.headers["etag"]}
        unchanged = stranger.expect(304, method, path, headers=known)
        assert unchanged.content == b""
        for header in ("etag", "cache-control", "vary"):
            assert unchanged.headers[header] == plain.headers[header]


def test_it_is_small() -> None:
    assert len(TEXT.encode()) < MOST
    assert len(gzip.compress(TEXT.encode())) < MOST / 10


def test_what_is_equal_stands_once() -> None:
    for kind in ("parameters", "responses"):
        inline = Counter(
            json.dumps(one, sort_keys=True)
            for item in WHOLE["paths"].values()
            for operation in item.values()
            for one in _each(operation.get(kind, ()))
            if "$ref" not in one
        )
        assert [one for one, times in inline.items() if times > 1] == []
        said = [json.dumps(one, sort_keys=True) for one in COMPONENTS[kind].values()]
        assert len(said) == len(set(said))


def _each(of: Any) -> Any:
    return of.values() if isinstance(of, dict) else of


def test_each_component_is_used() -> None:
    for kind, components in COMPONENTS.items():
        if kind != "securitySchemes":
            unused = [n for n in components if f'"#/components/{kind}/{n}"' not in TEXT]
            assert unused == [], kind


@each_operation
def test_an_operation_is_said_in_words(operation: Json) -> None:
    (tag,) = operation["tags"]
    assert tag in TAGS
    assert operation["summary"][0].isupper()
    assert not operation["summary"].endswith(".")
    assert operation["description"].count("\n\n") >= 1, "says nothing but who may"


def test_no_two_operations_are_called_alike() -> None:
    ids = Counter(one["operationId"] for one in BY_NAME.values())
    assert {name for name, times in ids.items() if times > 1} == set()
    summaries = Counter((one["tags"][0], one["summary"]) for one in BY_NAME.values())
    assert {name for name, times in summaries.items() if times > 1} == set()


def test_each_tag_has_a_sentence_and_a_group() -> None:
    assert all(tag["description"].strip() for tag in WHOLE["tags"])
    grouped = [name for group in WHOLE["x-tagGroups"] for name in group["tags"]]
    assert sorted(grouped) == sorted(TAGS)
    assert {one["tags"][0] for one in BY_NAME.values()} == TAGS


def test_whoever_is_public_says_so() -> None:
    assert WHOLE["security"] == [{"bearer": []}]
    open_ = {
        (method.upper(), path)
        for path, item in WHOLE["paths"].items()
        for method, operation in item.items()
        if operation.get("security", WHOLE["security"]) == []
    }
    assert open_ == PUBLIC


def test_each_operator_is_a_parameter_with_its_type() -> None:
    of_issues = {one.name: one for one in filters("/issues")}
    assert set(of_issues["title"].operators) == {
        "gte", "gt", "lte", "lt", "ne", "contains", "startswith",
    }  # fmt: skip
    assert "isnull" in of_issues["closed_at"].operators
    described = {one["name"]: one["schema"] for one in PATHS["/issues"]["get"]["parameters"]}
    assert described["closed_at__isnull"] == {"type": "boolean"}
    assert described["closed_at__gte"] == {"type": "string", "format": "date-time"}
    assert described["assignee_id__ne"]["items"] == {"type": "string"}
    assert described["category"]["items"]["enum"] == ["open", "in_progress", "done"]


def test_problems_are_typed() -> None:
    problem, types = SCHEMAS["Problem"], SCHEMAS["ProblemType"]["enum"]
    assert problem["title"] == "Problem"
    assert problem["properties"]["errors"]["items"]["$ref"].endswith("ProblemError")
    assert types == [one["type"] for one in WHOLE["x-problem-types"]]
    of_problem = {
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    }
    for name, example in COMPONENTS["examples"].items():
        assert example["value"]["type"] == f"/problems/{name}"
        assert differences(example["value"], of_problem) == []


@each_operation
def test_problems_have_examples_of_their_own(operation: Json) -> None:
    for status, response in operation["responses"].items():
        if int(status) >= 400:
            (media_type,) = response["content"]
            assert media_type == "application/problem+json"
            for slug in response["content"][media_type]["examples"]:
                assert COMPONENTS["examples"][slug]["value"]["status"] == int(status)


def test_fields_and_expand_are_typed() -> None:
    whole, partial = SCHEMAS["AssetRead"], SCHEMAS["AssetPartial"]
    assert {"model", "holder", "location"} <= whole["properties"].keys() - set(whole["required"])
    assert "required" not in partial
    assert partial["properties"] == whole["properties"]
