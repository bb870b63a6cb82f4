"""How often a request waits for the database: held, for each wait costs what the network costs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from nexus.db.engine import engine
from nexus.pg import driver
from tests.support.api import Api, Json
from tests.support.people import Tenant, unique

type Inside = Callable[[Api], Api]


def waits() -> int:
    with engine().connect() as connection:
        return int(driver(connection).round_trips)


@contextmanager
def at_most(number: int) -> Iterator[None]:
    before = waits()
    yield
    spent = waits() - before
    assert 0 < spent <= number, f"waited {spent} times"


@pytest.fixture
def admin(inside: Inside, tenant: Tenant) -> Api:
    """Connected, and past the use that moves the session's last_used_at."""
    admin = inside(tenant.admin)
    for _ in range(3):
        admin.get("/groups")
    return admin


@pytest.fixture
def group(tenant: Tenant) -> Json:
    return tenant.new_group()


@pytest.fixture
def items(admin: Api) -> list[Json]:
    return [admin.post("/configuration-items", {"name": unique("Item")}) for _ in range(2)]


@pytest.fixture
def site(admin: Api) -> Json:
    type_id = admin.get("/location-types", limit=1)["items"][0]["id"]
    site: Json = admin.post("/locations", {"name": unique("Site"), "type_id": type_id})
    return site


def test_a_read_by_id_waits_once(admin: Api, group: Json) -> None:
    with at_most(1):
        admin.get(f"/groups/{group['id']}")


def test_a_read_that_is_not_modified_waits_no_more(admin: Api, group: Json) -> None:
    with at_most(1):
        admin.expect(304, "GET", f"/groups/{group['id']}", headers={"If-None-Match": '"1"'})


def test_a_record_that_is_not_found_waits_no_more(admin: Api) -> None:
    with at_most(1):
        admin.refused(404, "GET", "/groups/01J0000000000000000000000Z")


def test_a_list_waits_once(admin: Api) -> None:
    with at_most(1):
        admin.get("/groups", sort="name", limit=200)


def test_a_search_waits_once(admin: Api) -> None:
    with at_most(1):
        admin.get("/groups", q="users")


def test_a_count_waits_once_more(admin: Api) -> None:
    with at_most(2):
        admin.get("/groups", count="true")


def test_an_embedded_reference_waits_once_more_however_many_rows(
    admin: Api, tenant: Tenant, group: Json
) -> None:
    for user in (tenant.admin, tenant.member):
        tenant.add(group, user_id=user.user["id"])
    with at_most(3):
        page = admin.get(f"/groups/{group['id']}/memberships", expand="user")
    assert len([item for item in page["items"] if item["user"]]) == 2


def test_oneself_waits_twice(admin: Api) -> None:
    with at_most(2):
        admin.get("/me")


def test_a_creation_waits_for_caller_insert_and_commit(admin: Api) -> None:
    with at_most(3):
        admin.post("/groups", {"name": unique("Waited for")})


def test_a_change_waits_for_the_lock_too(admin: Api, group: Json) -> None:
    with at_most(4):
        admin.patch(f"/groups/{group['id']}", {"description": unique("Waited for")})


def test_a_tree_waits_once(admin: Api, site: Json) -> None:
    with at_most(1):
        admin.get(f"/locations/{site['id']}/tree")


def test_an_impact_waits_for_its_item_too(admin: Api, items: list[Json]) -> None:
    with at_most(2):
        admin.get(f"/configuration-items/{items[0]['id']}/impact", direction="upstream")


def test_a_person_with_a_name_waits_once_more_than_other_creations(admin: Api) -> None:
    with at_most(4):
        admin.post("/persons", {"identity": {"first_name": "Zoë", "last_name": "Ito"}})


def test_a_contact_waits_for_its_person_too(admin: Api) -> None:
    person = admin.post("/persons", {})
    with at_most(4):
        admin.post(f"/persons/{person['id']}/contacts", {"type": "other", "value": "pager 7"})


def test_a_relationship_waits_for_both_ends_too(admin: Api, items: list[Json]) -> None:
    body = {"target_id": items[1]["id"], "relationship_type": "runs_on"}
    with at_most(5):
        admin.post(f"/configuration-items/{items[0]['id']}/relationships", body)


def test_who_is_refused_waits_once(admin: Api) -> None:
    wrong = str(admin.token)[:-4] + "AAAA"
    with at_most(1):
        admin.bearing(wrong).refused(401, "GET", "/groups")


def test_who_sends_no_token_does_not_reach_the_database(admin: Api) -> None:
    before = waits()
    admin.bearing(None).refused(401, "GET", "/groups")
    admin.bearing("nonsense").refused(401, "GET", "/groups")
    assert waits() == before
