"""What the document says of reads is what they do: their parameters, their tags."""

import pytest

from tests.conventions.routes import PUBLIC
from tests.conventions.sample_tenant import PATHS, parameters
from tests.support.api import Api, pointers
from tests.support.people import Tenant

READS = sorted(path for path in PATHS if "get" in PATHS[path])
CLOSED = [path for path in READS if ("GET", path) not in PUBLIC]
TAKEN = {"fields": "id", "expand": "", "direction": "upstream", "depth": 2}


@pytest.fixture
def template(request: pytest.FixtureRequest) -> str:
    return str(request.node.callspec.params["path"])


@pytest.fixture
def admin(place: Tenant) -> Api:
    return place.admin


@pytest.mark.parametrize("path", CLOSED, indirect=True)
def test_who_asks_for_nonsense_is_told_the_documented_parameters(
    admin: Api, path: str, template: str
) -> None:
    problem = admin.refused(400, "GET", f"{path}?nonsense=1")
    assert pointers(problem) == ["/nonsense"]
    assert problem["allowed"] == sorted(parameters(template))


@pytest.mark.parametrize(
    "path", [path for path in CLOSED if "limit" not in parameters(path)], indirect=True
)
def test_a_read_of_one_takes_its_documented_parameters(
    admin: Api, path: str, template: str
) -> None:
    asked = {name: TAKEN[name] for name in parameters(template)}
    assert asked
    admin.get(path, **asked)


@pytest.mark.parametrize("path", READS, indirect=True)
def test_tags_are_documented_where_they_are_answered(admin: Api, path: str, template: str) -> None:
    is_tagged = "etag" in admin.expect(200, "GET", path).headers
    known = admin.send("GET", path, headers={"If-None-Match": "*"})
    assert known.status_code == (304 if is_tagged else 200)
    assert ("If-None-Match" in parameters(template, "header")) is is_tagged
    assert ("304" in PATHS[template]["get"]["responses"]) is is_tagged


@pytest.mark.parametrize(
    "path",
    [path for path in CLOSED if {"expand", "If-None-Match"} <= parameters(path, None)],
    indirect=True,
)
def test_what_is_embedded_is_always_sent(admin: Api, path: str) -> None:
    names = admin.refused(400, "GET", f"{path}?expand=colour")["allowed"]
    for name in (*names, ""):
        asked = {"params": {"expand": name}, "headers": {"If-None-Match": "*"}}
        assert set(admin.expect(200, "GET", path, **asked).json()) >= {name} - {""}
