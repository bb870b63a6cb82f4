"""Each type of problem is an address that explains it, to a browser and to a program."""

import json

import pytest

from tests.support.api import Api, Json, pointers
from tests.support.documented import DOCUMENT
from tests.support.people import World

TYPES: list[Json] = json.loads(DOCUMENT.read_text())["x-problem-types"]
BROWSERS = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.fixture
def stranger(world: World) -> Api:
    return world.stranger()


def media_type(api: Api, accept: str) -> str:
    answer = api.expect(200, "GET", "/problems/stale", headers={"Accept": accept})
    assert answer.headers["vary"] == "Accept"
    return answer.headers["content-type"].partition(";")[0]


def test_each_type_that_an_answer_can_name_is_explained(stranger: Api) -> None:
    assert len(TYPES) > 90
    for kind in TYPES:
        told = stranger.get(kind["type"])
        assert told == {**kind, "meaning": told["meaning"], "advice": told["advice"]}
        assert told["meaning"].endswith(".")
        assert told["advice"].endswith(".")


def test_the_type_of_an_answer_leads_to_its_explanation(stranger: Api) -> None:
    problem = stranger.refused(401, "GET", "/me")
    told = stranger.get(problem["type"])
    assert (told["title"], told["status"]) == (problem["title"], 401)


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        (BROWSERS, "text/html"),
        ("text/*", "text/html"),
        ("application/json;q=0.5, TEXT/HTML;q=0.6", "text/html"),
        ("text/html;q=0.5, application/json", "application/json"),
        ("text/html, application/json", "application/json"),
        ("*/*", "application/json"),
        ("text/html;q=0, */*", "application/json"),
        ("image/png", "application/json"),
        (";q=x,,", "application/json"),
    ],
)
def test_a_page_is_for_those_who_prefer_it(stranger: Api, accept: str, given: str) -> None:
    assert media_type(stranger, accept) == given


def test_the_page_says_the_same_and_runs_nothing(stranger: Api) -> None:
    told = stranger.get("/problems/validation-failed")
    page = stranger.expect(
        200, "GET", "/problems/validation-failed", headers={"Accept": "text/html"}
    )
    for text in (told["type"], told["title"], told["meaning"], told["advice"]):
        assert text in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "script-src" not in page.headers["content-security-policy"]


@pytest.mark.parametrize("slug", ["nothing", "STALE", "stale%20", "%00", "x" * 300])
def test_an_unknown_type_is_not_found(stranger: Api, slug: str) -> None:
    stranger.refused(404, "GET", f"/problems/{slug}")


def test_it_takes_no_parameter(stranger: Api) -> None:
    assert pointers(stranger.refused(400, "GET", "/problems/stale?x=1")) == ["/x"]
