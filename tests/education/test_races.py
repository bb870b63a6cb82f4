"""What meets at once: whatever comes first, the state is one that the rules allow."""

from collections import Counter
from functools import partial
from typing import Any

import httpx
import pytest

from tests.support.api import Api, slug
from tests.support.education import assign, enroll, new_calendar, new_year, today
from tests.support.makers import hired, new_identity, new_person
from tests.support.people import Tenant, World
from tests.support.races import at_once

MANY = 50


@pytest.fixture
def api(tenant: Tenant) -> Api:
    return tenant.member


def sent(api: Api, method: str, path: str, **body: Any) -> partial[httpx.Response]:
    return partial(api.send, method, path, json=body)


def statuses(*calls: partial[httpx.Response]) -> Counter[int]:
    return Counter(answer.status_code for answer in at_once(calls))


def test_of_fifty_enrollments_of_one_person_one_succeeds(api: Api) -> None:
    calendar, person = new_calendar(api), new_person(api)
    body = {"person_id": person["id"], "calendar_id": calendar["id"]}
    made = statuses(*[sent(api, "POST", "/school-enrollments", **body)] * MANY)
    assert made == {201: 1, 409: MANY - 1}


def test_fifty_persons_are_enrolled_at_once(api: Api) -> None:
    calendar = new_calendar(api)
    people = [new_person(api)["id"] for _ in range(MANY)]
    path = f"/school-calendars/{calendar['id']}/enrollments"
    assert statuses(*(sent(api, "POST", path, person_id=one) for one in people)) == {201: MANY}


def test_one_of_many_steps_is_taken(api: Api) -> None:
    calendar, other = new_calendar(api), new_calendar(api)
    pupil = enroll(api, calendar)
    path = f"/school-enrollments/{pupil['id']}"
    steps = [
        sent(api, "POST", f"{path}/withdraw"),
        sent(api, "POST", f"{path}/graduate"),
        sent(api, "POST", f"{path}/transfer", calendar_id=other["id"]),
    ]
    made = statuses(*steps * 6)
    assert made[409] == len(steps) * 6 - 1
    assert made[200] + made[201] == 1
    assert len(api.items(f"/persons/{pupil['person_id']}/school-enrollments")) <= 2


def test_of_many_reenrollments_one_is_live(api: Api) -> None:
    calendars = [new_calendar(api) for _ in range(2)]
    pupil = enroll(api, calendars[0])
    path = f"/school-enrollments/{pupil['id']}"
    api.act(f"{path}/withdraw")
    again = [sent(api, "POST", f"{path}/reenroll", calendar_id=one["id"]) for one in calendars]
    assert statuses(*again * 8) == {201: 1, 409: 15}


def test_of_many_that_become_current_one_is(world: World) -> None:
    api = world.new_tenant().member
    years = [new_year(api) for _ in range(4)]
    calls = [sent(api, "POST", f"/school-years/{one['id']}/make-current") for one in years]
    assert statuses(*calls * 12) == {200: 48}
    assert len(api.items("/school-years", is_current="true")) == 1


def test_a_year_shrinks_while_people_are_enrolled(api: Api) -> None:
    for _ in range(4):
        year = new_year(api)
        calendar = new_calendar(api, year)
        path = f"/school-calendars/{calendar['id']}/enrollments"
        people = [new_person(api)["id"] for _ in range(6)]
        enrolls = [
            sent(api, "POST", path, person_id=one, entry_date=today(-100).isoformat())
            for one in people
        ]
        shrinks = sent(
            api, "PATCH", f"/school-years/{year['id']}", start_date=today(-50).isoformat()
        )
        answers = at_once([*enrolls, shrinks])
        assert {answer.status_code for answer in answers[:-1]} <= {201, 422}
        made = sum(answer.status_code == 201 for answer in answers[:-1])
        assert answers[-1].status_code == (409 if made else 200)


def test_an_employment_ends_while_assignments_start(api: Api) -> None:
    for _ in range(3):
        employment = hired(api)
        path = f"/school-employments/{employment['id']}"
        planned = [assign(api, employment) for _ in range(6)]
        starts = [
            sent(api, "POST", f"/school-employment-assignments/{one['id']}/start")
            for one in planned
        ]
        made = {"school_id": planned[0]["school_id"], "type_id": planned[0]["type_id"]}
        plans = [sent(api, "POST", f"{path}/assignments", **made) for _ in range(4)]
        answers = at_once([*starts, *plans, sent(api, "POST", f"{path}/terminate")])
        assert {answer.status_code for answer in answers} <= {200, 201, 409}
        assert answers[-1].status_code == 200
        assert {one["status"] for one in api.items(f"{path}/assignments")} == {"ended"}


def test_names_change_while_people_are_enrolled(api: Api) -> None:
    """Neither waits for the other's end, and lists follow the last name."""
    calendar, person = new_calendar(api), new_person(api, "Ana", "Berg")
    other = new_identity(api, person, "Ana", "Zorn")
    pupil = enroll(api, calendar, person)
    current = sent(
        api, "POST", f"/persons/{person['id']}/current-identity", identity_id=other["id"]
    )
    there = new_calendar(api)
    path = f"/school-enrollments/{pupil['id']}/transfer"
    moves = [sent(api, "POST", path, calendar_id=there["id"])] * 3
    assert {answer.status_code for answer in at_once([*moves, current])} <= {200, 201, 409}
    enroll(api, there, new_person(api, "Bo", "Carlson"))
    listed = api.items(f"/school-calendars/{there['id']}/enrollments", sort="person.sort_name")
    assert listed[-1]["person_id"] == person["id"]


def test_the_current_year_moves_while_pupils_do(world: World) -> None:
    """Neither waits for the other's end."""
    api = world.new_tenant().member
    years = [new_year(api, today(-400), today(-30)), new_year(api, today(-29), today(300))]
    old, new = (new_calendar(api, year) for year in years)
    pupils = [enroll(api, old, entry_date=today(-200).isoformat()) for _ in range(12)]
    moves = [
        sent(api, "POST", f"/school-enrollments/{one['id']}/transfer", calendar_id=new["id"])
        for one in pupils
    ]
    rolls = [sent(api, "POST", f"/school-years/{year['id']}/make-current") for year in years]
    made = statuses(*moves, *rolls * 3)
    assert made == {201: 12, 200: 6}


def test_a_year_or_a_school_is_archived_while_people_are_enrolled(api: Api) -> None:
    for kind in ("school-years", "schools"):
        for _ in range(3):
            calendar = new_calendar(api)
            id_ = calendar["calendar_id" if kind == "school-years" else "school_id"]
            path = f"/school-calendars/{calendar['id']}/enrollments"
            people = [new_person(api)["id"] for _ in range(5)]
            enrolls = [sent(api, "POST", path, person_id=one) for one in people]
            answers = at_once([*enrolls, sent(api, "POST", f"/{kind}/{id_}/archive")])
            assert {answer.status_code for answer in answers[:-1]} <= {201, 409}
            assert answers[-1].status_code == 200
            late = api.refused(409, "POST", path, {"person_id": new_person(api)["id"]})
            assert slug(late) == "reference-archived"


def test_a_calendar_moves_or_goes_while_people_are_enrolled(tenant: Tenant) -> None:
    api = tenant.member
    for method in ("PATCH", "DELETE"):
        for _ in range(3):
            calendar, year = new_calendar(api), new_year(api)
            place = f"/school-calendars/{calendar['id']}"
            people = [new_person(api)["id"] for _ in range(5)]
            enrolls = [
                sent(
                    api,
                    "POST",
                    "/school-enrollments",
                    person_id=one,
                    calendar_id=calendar["id"],
                )
                for one in people
            ]
            answers = at_once([*enrolls, sent(tenant.admin, method, place, calendar_id=year["id"])])
            for answer in answers[:-1]:
                assert answer.status_code in {201, 422}, answer.text
            assert answers[-1].status_code in {200, 204, 409}
