"""How often a request waits for the database: held, for each wait costs what the network costs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from nexus.db.engine import engine
from nexus.pg import driver
from tests.support.api import Api, Json
from tests.support.assets import circulate, new_asset, new_stock, refused_circulation
from tests.support.education import assign, enroll, new_calendar
from tests.support.education import step as take
from tests.support.issues import new_issue, steps
from tests.support.makers import MAKERS, hired, new_person
from tests.support.people import Tenant, unique

pytestmark = pytest.mark.usefixtures("unpinned")

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


def test_a_count_comes_in_the_same_wait(admin: Api) -> None:
    with at_most(1):
        admin.get("/groups", count="true")


def test_a_further_page_waits_as_the_first(admin: Api, group: Json) -> None:
    assert group
    page = admin.get("/groups", sort="name", limit=1)
    with at_most(1):
        admin.get("/groups", sort="name", limit=1, cursor=page["next"])


def test_a_list_below_a_parent_waits_once(admin: Api, tenant: Tenant, group: Json) -> None:
    tenant.add(group, user_id=tenant.admin.user["id"])
    with at_most(1):
        admin.get(f"/groups/{group['id']}/memberships")


def test_an_empty_list_waits_for_its_parent_too(admin: Api, group: Json) -> None:
    with at_most(2):
        admin.get(f"/groups/{group['id']}/memberships")
    with at_most(2):
        admin.refused(404, "GET", "/groups/01J0000000000000000000000Z/memberships")


def test_filters_by_references_wait_no_more(admin: Api, site: Json) -> None:
    with at_most(1):
        admin.get("/locations", parent_id=site["id"], type_id=site["type_id"])
    with at_most(1):
        admin.refused(422, "GET", "/locations?parent_id=x&type_id=x")


def test_embedded_references_wait_once_more_however_many(
    admin: Api, tenant: Tenant, group: Json
) -> None:
    for user in (tenant.admin, tenant.member):
        tenant.add(group, user_id=user.user["id"])
    with at_most(2):
        page = admin.get(
            f"/groups/{group['id']}/memberships", expand="user,group,member_group", count="true"
        )
    assert len([item for item in page["items"] if item["user"]]) == 2
    with at_most(2):
        admin.get("/locations", expand="type,parent")


def test_oneself_waits_for_once(admin: Api) -> None:
    with at_most(1):
        admin.get("/me")


def test_a_creation_waits_for_its_insert_and_the_commit(admin: Api, group: Json) -> None:
    with at_most(2):
        admin.post("/groups", {"name": unique("Waited for")})
    body = {"user_id": admin.user["id"]}
    with at_most(2):
        admin.post(f"/groups/{group['id']}/memberships", body)


def test_a_creation_that_is_refused_waits_once(admin: Api, group: Json) -> None:
    with at_most(1):
        admin.refused(409, "POST", "/groups", {"name": group["name"]})
    with at_most(1):
        admin.refused(422, "POST", "/locations", {"name": unique("Nowhere"), "type_id": "x"})


def test_a_change_waits_for_the_lock_too(admin: Api, group: Json) -> None:
    with at_most(3):
        admin.patch(f"/groups/{group['id']}", {"description": unique("Waited for")})


def test_a_deletion_waits_no_more_than_a_change(admin: Api, group: Json) -> None:
    with at_most(3):
        admin.delete(f"/groups/{group['id']}")


def test_a_tree_waits_once(admin: Api, site: Json) -> None:
    with at_most(1):
        admin.get(f"/locations/{site['id']}/tree")


def test_an_impact_waits_once(admin: Api, items: list[Json]) -> None:
    with at_most(1):
        admin.get(f"/configuration-items/{items[0]['id']}/impact", direction="upstream")


def test_a_person_with_a_name_waits_for_that_too(admin: Api) -> None:
    with at_most(4):
        admin.post("/persons", {"identity": {"first_name": "Zoë", "last_name": "Ito"}})


def test_a_part_waits_no_more_than_what_stands_alone(admin: Api) -> None:
    person = admin.post("/persons", {})
    with at_most(2):
        made = admin.post(f"/persons/{person['id']}/contacts", {"type": "other", "value": "a"})
    with at_most(3):
        admin.patch(f"/contacts/{made['id']}", {"value": "b"})


def test_a_relationship_waits_no_more_than_others(admin: Api, items: list[Json]) -> None:
    body = {"target_id": items[1]["id"], "relationship_type": "runs_on"}
    with at_most(2):
        admin.post(f"/configuration-items/{items[0]['id']}/relationships", body)


def test_a_list_waits_for_the_store_once_a_minute(admin: Api) -> None:
    issue = MAKERS["issue_id"].new(admin)
    made = MAKERS["attachment_id"].new(admin, {"issue_id": issue["id"]})
    place = f"/issues/{issue['id']}/attachments"
    with at_most(3):  # what it notes, the list as it is then, and the commit
        admin.get(place)
    with at_most(1):
        assert admin.get(place)["items"] == [{**made, "upload": None}]


def test_who_is_refused_waits_once(admin: Api) -> None:
    wrong = str(admin.token)[:-4] + "AAAA"
    with at_most(1):
        admin.bearing(wrong).refused(401, "GET", "/groups")


def test_who_sends_no_token_does_not_reach_the_database(admin: Api) -> None:
    before = waits()
    admin.bearing(None).refused(401, "GET", "/groups")
    admin.bearing("nonsense").refused(401, "GET", "/groups")
    assert waits() == before


def test_an_issue_waits_for_what_its_type_asks_its_insert_and_the_commit(admin: Api) -> None:
    body = {"title": unique("Waited for"), "issue_type": "incident", "fields": {"risk": "Low"}}
    with at_most(3):
        admin.post("/issues", body)


def test_a_step_waits_for_the_lock_its_write_and_the_commit(admin: Api) -> None:
    issue = new_issue(admin)
    step = {"transition_id": steps(admin, issue)["Start"]["id"], "comment": "Begun."}
    with at_most(3):
        admin.act(f"/issues/{issue['id']}/transition", step)
    with at_most(2):
        admin.refused(409, "POST", f"/issues/{issue['id']}/transition", step)


def test_issues_wait_once_and_once_more_for_custom_fields_or_what_is_embedded(admin: Api) -> None:
    new_issue(admin, fields={"risk": "High"})
    with at_most(1):
        admin.get("/issues", category="open", key="TS-1", count="true")
    with at_most(2):
        admin.get("/issues", cf_risk="High", sort="-cf_risk")
    with at_most(2):
        admin.get("/issues", expand="status,priority,issue_type,assignee,reporter,project")


def test_what_happened_waits_once_more_for_names(admin: Api) -> None:
    issue = new_issue(admin)
    admin.patch(f"/issues/{issue['id']}", {"assignee_id": admin.user["id"], "title": "New"})
    for below in ("history", "activity"):
        with at_most(2):
            admin.get(f"/issues/{issue['id']}/{below}")


def test_custody_waits_for_the_lock_its_write_and_the_commit(admin: Api) -> None:
    asset, stock, person = new_asset(admin), new_stock(admin, 9), new_person(admin)
    with at_most(3):
        circulate(admin, asset, "issue", person_id=person["id"])
    with at_most(2):
        refused_circulation(admin, 409, asset, "issue", person_id=person["id"])
    with at_most(3):
        circulate(admin, asset, "return")
    body = {"person_id": person["id"], "quantity": 4}
    with at_most(3):
        held = admin.post(f"/assets/{stock['id']}/assignments", body)
    with at_most(3):
        circulate(admin, stock, "return", quantity=2)
    with at_most(3):
        admin.act(f"/assignments/{held['id']}/close")
    with at_most(3):
        admin.act(f"/assets/{stock['id']}/retire")
    with at_most(2):
        admin.get("/assets", expand="model,holder,location", person_id=person["id"], count="true")


def test_a_repair_waits_for_its_issue_too(admin: Api) -> None:
    asset = new_asset(admin)
    with at_most(6):
        repair = admin.post("/asset-repairs", {"asset_id": asset["id"], "title": unique("Hinge")})
    with at_most(1):
        admin.get(f"/asset-repairs/{repair['id']}")
    with at_most(1):
        admin.get("/asset-repairs", sort="title", status_id=repair["status_id"])


def test_a_school_waits_for_the_lock_its_write_and_the_commit(admin: Api) -> None:
    here, there, person = new_calendar(admin), new_calendar(admin), new_person(admin)
    with at_most(3):
        pupil = enroll(admin, here, person)
    with at_most(4):  # two writes
        moved = take(admin, pupil, "transfer", calendar_id=there["id"])
    with at_most(3):
        take(admin, moved, "withdraw")
    with at_most(3):
        take(admin, moved, "reenroll")
    with at_most(2):
        path = f"/schools/{there['school_id']}/enrollments"
        admin.get(path, sort="person.sort_name", expand="person,grade_level", as_of="2026-10-01")
    employment = hired(admin)
    assignment = assign(admin, employment)
    for path, moves in (
        (f"/school-employment-assignments/{assignment['id']}", ("start", "end", "reactivate")),
        (f"/school-employments/{employment['id']}", ("terminate", "reactivate", "retire")),
        (f"/school-years/{here['calendar_id']}", ("make-current",)),
    ):
        for move in moves:
            with at_most(3):
                admin.act(f"{path}/{move}")
