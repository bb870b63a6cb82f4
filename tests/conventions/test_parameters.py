"""What the document says of reads is what they do: their parameters, their tags."""

import re

import pytest

from tests.contract.resource import NOBODYS_ID
from tests.conventions.routes import PUBLIC
from tests.support.api import Api, pointers
from tests.support.documented import PATHS, parameters
from tests.support.people import Tenant

READS = sorted(path for path in PATHS if "get" in PATHS[path])
CLOSED = [path for path in READS if ("GET", path) not in PUBLIC]
TAKEN = {"fields": "id", "expand": "", "direction": "upstream", "depth": 2}

WRITES = sorted(
    (path, method.upper()) for path, item in PATHS.items() for method in item if method != "get"
)
PUBLIC_READS = sorted(path for method, path in PUBLIC if method == "GET")


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


@pytest.mark.parametrize(("path", "method"), WRITES)
def test_a_write_takes_no_parameter(place: Tenant, path: str, method: str) -> None:
    nowhere = re.sub(r"\{\w+\}", NOBODYS_ID, path.replace("{tenant_id}", place.id))
    problem = place.admin.refused(400, method, f"{nowhere}?dry_run=true&x", {})
    assert pointers(problem) == ["/dry_run"]


@pytest.mark.parametrize("path", PUBLIC_READS)
def test_what_anybody_reads_takes_no_parameter(admin: Api, path: str) -> None:
    assert pointers(admin.refused(400, "GET", f"{path}?nonsense")) == ["/nonsense"]
    admin.refused(400, "GET", f"{path}?%FF")


def test_a_parameter_stops_an_action_before_it_is_done(place: Tenant) -> None:
    group = place.new_group()
    for query in ("dry_run=true", "=", "%FF", "&"):
        place.admin.refused(400, "POST", f"/groups/{group['id']}/archive?{query}")
    assert place.admin.get(f"/groups/{group['id']}") == group


def test_who_may_not_call_is_told_that_first(place: Tenant) -> None:
    nobody = place.admin.bearing(None)
    nobody.refused(401, "POST", "/groups?dry_run=true", {})
    nobody.refused(401, "GET", "/groups?q=%FF")
