"""Enrollments: the full table of moves, their dates, what follows on what, and who was when."""

from datetime import date, datetime, timedelta

import pytest

from education.enrollments.states import MOVES
from tests.support.api import Api, Json, pointers, slug
from tests.support.education import (
    as_now,
    enroll,
    new_calendar,
    new_year,
    refused_step,
    step,
    today,
)
from tests.support.makers import new_identity, new_person
from tests.support.people import Tenant, World, unique

WAYS = {
    "enrolled": (),
    "withdrawn": ("withdraw",),
    "graduated": ("graduate",),
    "transferred": ("transfer",),
}
# What a move makes of an enrollment, and what it opens.
TABLE = {
    ("enrolled", "withdraw"): ("withdrawn", None),
    ("enrolled", "graduate"): ("graduated", None),
    ("enrolled", "transfer"): ("transferred", "enrolled"),
    ("withdrawn", "reenroll"): ("withdrawn", "enrolled"),
}
FIRST, LAST = date(2020, 8, 1), date(2021, 7, 31)


@pytest.fixture
def api(tenant: Tenant) -> Api:
    return tenant.member


@pytest.fixture
def calendar(api: Api) -> Json:
    return new_calendar(api)


@pytest.fixture
def past(api: Api) -> Json:
    """A calendar of a year that is over."""
    return new_calendar(api, new_year(api, FIRST, LAST))


def body_of(api: Api, move: str) -> dict[str, str]:
    return {"calendar_id": new_calendar(api)["id"]} if move == "transfer" else {}


def in_state(api: Api, calendar: Json, state: str) -> Json:
    enrollment = enroll(api, calendar)
    for move in WAYS[state]:
        step(api, enrollment, move, **body_of(api, move))
    return as_now(api, enrollment)


@pytest.mark.parametrize("state", WAYS)
def test_moves_are_those_of_the_table(api: Api, calendar: Json, state: str) -> None:
    enrollment = in_state(api, calendar, state)
    assert enrollment["status"] == state
    open_moves = sorted(move for source, move in TABLE if source == state)
    for move in MOVES:
        if (state, move) in TABLE:
            becomes, opens = TABLE[state, move]
            moved = in_state(api, calendar, state)
            answer = step(api, moved, move, **body_of(api, move))
            now = as_now(api, moved)
            assert now["status"] == becomes
            stamps = [
                name for name in ("withdrawn", "graduated", "transferred") if now[f"{name}_at"]
            ]
            assert stamps == [becomes]
            assert (answer["status"], answer["id"] == moved["id"]) == (opens or becomes, not opens)
            if opens:
                assert answer["previous_id"] == moved["id"]
                assert now["transferred_to_id"] == (answer["id"] if move == "transfer" else None)
        else:
            problem = refused_step(api, 409, enrollment, move, **body_of(api, move))
            assert slug(problem) == "wrong-move"
            assert (problem["state"], problem["allowed"]) == (state, open_moves)
    assert as_now(api, enrollment) == enrollment


def test_what_was_withdrawn_stays_as_it_was(api: Api, calendar: Json) -> None:
    enrollment = in_state(api, calendar, "withdrawn")
    again = step(api, enrollment, "reenroll")
    assert as_now(api, enrollment) == enrollment
    assert (again["entry_date"], again["exit_date"]) == (today().isoformat(), None)
    problem = refused_step(api, 409, enrollment, "reenroll")
    assert slug(problem) == "already-enrolled"
    other = new_calendar(api)
    assert slug(refused_step(api, 409, enrollment, "reenroll", calendar_id=other["id"])) == (
        "already-reenrolled"
    )
    step(api, again, "withdraw")
    assert step(api, enrollment, "reenroll", calendar_id=other["id"])["calendar_id"] == other["id"]


def test_a_transfer_goes_there_and_back(api: Api) -> None:
    year = new_year(api)
    here, there = new_calendar(api, year), new_calendar(api, year)
    grade = api.items("/school-grade-levels", code="05")[0]["id"]
    first = enroll(api, here, grade_level_id=grade, entry_date=today(-30).isoformat())
    second = step(api, first, "transfer", calendar_id=there["id"], reason="Moved house")
    left = as_now(api, first)
    assert (left["exit_date"], left["exit_reason"]) == (today().isoformat(), "Moved house")
    assert second["entry_date"] == today().isoformat()
    assert (second["grade_level_id"], second["school_id"]) == (grade, there["school_id"])
    third = step(api, second, "transfer", calendar_id=here["id"], exit_date=today(3).isoformat())
    assert third["entry_date"] == today(3).isoformat()
    of_person = api.items(f"/persons/{first['person_id']}/school-enrollments")
    assert [one["status"] for one in of_person] == ["transferred", "transferred", "enrolled"]
    assert [one["transferred_to_id"] for one in of_person] == [second["id"], third["id"], None]
    same = refused_step(api, 422, third, "transfer", calendar_id=here["id"])
    assert pointers(same) == ["/calendar_id"]


def test_a_transfer_into_another_year_begins_in_it(api: Api, past: Json) -> None:
    grade = api.items("/school-grade-levels", code="08")[0]["id"]
    pupil = enroll(api, past, entry_date="2020-09-01", grade_level_id=grade)
    next_year = new_calendar(api, new_year(api, date(2021, 8, 10), date(2022, 7, 31)))
    moved = step(api, pupil, "transfer", calendar_id=next_year["id"])
    assert as_now(api, pupil)["exit_date"] == LAST.isoformat()
    assert (moved["entry_date"], moved["grade_level_id"]) == ("2021-08-10", None)
    again = enroll(api, past, entry_date="2020-09-01", grade_level_id=grade)
    step(api, again, "withdraw", exit_date=LAST.isoformat())
    higher = api.items("/school-grade-levels", code="09")[0]["id"]
    body = {"calendar_id": next_year["id"], "entry_date": "2021-08-10", "grade_level_id": higher}
    assert step(api, again, "reenroll", **body)["grade_level_id"] == higher


def test_a_failed_transfer_leaves_all_as_it_was(api: Api, calendar: Json) -> None:
    pupil = enroll(api, calendar)
    other = new_calendar(api)
    person = {"id": pupil["person_id"]}
    enroll(api, other, person)
    problem = refused_step(api, 409, pupil, "transfer", calendar_id=other["id"])
    assert slug(problem) == "already-enrolled"
    assert as_now(api, pupil) == pupil
    assert len(api.items(f"/persons/{person['id']}/school-enrollments")) == 2


def test_a_step_is_safe_to_repeat(api: Api, calendar: Json) -> None:
    pupil, other = enroll(api, calendar), new_calendar(api)
    key = {"Idempotency-Key": unique("key")}
    path, body = f"/school-enrollments/{pupil['id']}/transfer", {"calendar_id": other["id"]}
    first = api.expect(201, "POST", path, json=body, headers=key)
    again = api.expect(201, "POST", path, json=body, headers=key)
    assert again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true"
    assert first.headers["location"].endswith(f"/school-enrollments/{first.json()['id']}")


def test_default_dates_are_days_of_the_year(api: Api, past: Json) -> None:
    to_come = new_calendar(api, new_year(api, today(10), today(300)))
    assert enroll(api, to_come)["entry_date"] == today(10).isoformat()
    body = {"person_id": new_person(api)["id"], "calendar_id": past["id"]}
    problem = api.refused(422, "POST", "/school-enrollments", body)
    assert pointers(problem) == ["/entry_date"]
    pupil = enroll(api, past, entry_date=LAST.isoformat())
    assert step(api, pupil, "graduate")["exit_date"] == LAST.isoformat()
    early = enroll(api, to_come)
    assert step(api, early, "withdraw")["exit_date"] == today(10).isoformat()


def test_today_is_the_tenants(world: World) -> None:
    """Where the day has begun earlier, or not yet."""
    for zone, hours in (("Pacific/Kiritimati", 14), ("Pacific/Niue", -11)):
        tenant = world.new_tenant()
        tenant.admin.patch(f"/tenants/{tenant.id}", {"settings": {"time_zone": zone}})
        made = enroll(tenant.member, new_calendar(tenant.member))
        there = datetime.fromisoformat(made["created_at"]) + timedelta(hours=hours)
        assert made["entry_date"] == there.date().isoformat()


@pytest.mark.parametrize(
    ("name", "body", "pointer"),
    [
        ("withdraw", {"exit_date": "2020-08-30"}, "/exit_date"),
        ("withdraw", {"exit_date": "2021-08-01"}, "/exit_date"),
        ("withdraw", {"exit_date": "2021-02-30"}, "/exit_date"),
        ("withdraw", {"exit_date": "2021-02-03T00:00:00Z"}, "/exit_date"),
        ("withdraw", {"exit_date": 20210203}, "/exit_date"),
        ("graduate", {"exit_date": "2020-07-31"}, "/exit_date"),
        ("transfer", {}, "/calendar_id"),
        ("transfer", {"calendar_id": "x"}, "/calendar_id"),
        ("reenroll", {"entry_date": "2021-08-01"}, "/entry_date"),
        ("reenroll", {"calendar_id": "x"}, "/calendar_id"),
    ],
)
def test_what_lies_outside_the_year_is_refused(
    api: Api, past: Json, name: str, body: Json, pointer: str
) -> None:
    pupil = enroll(api, past, entry_date="2020-09-01")
    if name == "reenroll":
        pupil = step(api, pupil, "withdraw")
    assert pointers(refused_step(api, 422, pupil, name, **body)) == [pointer]
    assert as_now(api, pupil) == pupil


def test_a_change_stays_inside_the_year(api: Api, past: Json) -> None:
    pupil = enroll(api, past, entry_date="2020-09-01")
    place = f"/school-enrollments/{pupil['id']}"
    for day in ("2020-07-31", "2021-08-01"):
        assert pointers(api.refused(422, "PATCH", place, {"entry_date": day})) == ["/entry_date"]
    problem = api.refused(409, "PATCH", place, {"exit_date": "2021-01-01"})
    assert (slug(problem), problem["state"]) == ("still-enrolled", "enrolled")
    step(api, pupil, "withdraw", exit_date="2021-01-15", reason="Illness")
    assert api.patch(place, {"exit_date": "2021-02-01"})["exit_date"] == "2021-02-01"
    for body in ({"exit_date": "2020-08-31"}, {"exit_date": None}, {"exit_date": "2021-08-01"}):
        assert pointers(api.refused(422, "PATCH", place, body)) == ["/exit_date"]
    for member in ("person_id", "calendar_id", "status", "previous_id", "school_id"):
        problem = api.refused(422, "PATCH", place, {member: pupil[member]})
        assert pointers(problem) == [f"/{member}"]


def test_nobody_is_enrolled_twice(api: Api, calendar: Json) -> None:
    pupil = enroll(api, calendar)
    body = {"person_id": pupil["person_id"], "calendar_id": calendar["id"]}
    assert slug(api.refused(409, "POST", "/school-enrollments", body)) == "already-enrolled"
    step(api, pupil, "withdraw")
    assert api.post("/school-enrollments", body)["previous_id"] is None


def test_another_tenants_calendar_is_none(api: Api, other_tenant: Tenant, calendar: Json) -> None:
    foreign = new_calendar(other_tenant.member)
    body = {"person_id": new_person(api)["id"], "calendar_id": foreign["id"]}
    assert pointers(api.refused(422, "POST", "/school-enrollments", body)) == ["/calendar_id"]
    pupil = enroll(api, calendar)
    problem = refused_step(api, 422, pupil, "transfer", calendar_id=foreign["id"])
    assert pointers(problem) == ["/calendar_id"]


@pytest.mark.parametrize("archived", ["schools", "school-years"])
def test_an_archived_school_or_year_takes_nobody(tenant: Tenant, archived: str) -> None:
    api = tenant.member
    calendar, other = new_calendar(api), new_calendar(api)
    pupil = enroll(api, other)
    id_ = calendar["school_id"] if archived == "schools" else calendar["calendar_id"]
    api.act(f"/{archived}/{id_}/archive")
    body = {"person_id": new_person(api)["id"], "calendar_id": calendar["id"]}
    assert slug(api.refused(409, "POST", "/school-enrollments", body)) == "reference-archived"
    problem = refused_step(api, 409, pupil, "transfer", calendar_id=calendar["id"])
    assert slug(problem) == "reference-archived"
    assert as_now(api, pupil) == pupil


def test_what_a_transfer_opened_takes_it_back_when_it_is_deleted(tenant: Tenant) -> None:
    pupil = enroll(tenant.member, new_calendar(tenant.member))
    there = new_calendar(tenant.member)
    moved = step(tenant.member, pupil, "transfer", calendar_id=there["id"], reason="By mistake")
    person = tenant.admin.refused(409, "DELETE", f"/persons/{pupil['person_id']}")
    assert person["conflicts"] == [{"resource": "school-enrollments", "count": 2}]
    problem = tenant.admin.refused(409, "DELETE", f"/school-enrollments/{pupil['id']}")
    assert problem["conflicts"] == [{"resource": "school-enrollments", "count": 1}]
    tenant.admin.delete(f"/school-enrollments/{moved['id']}")
    back = as_now(tenant.member, pupil)
    assert {**back, "version": 1, "updated_at": pupil["updated_at"]} == pupil
    step(tenant.member, back, "transfer", calendar_id=there["id"])


def test_what_follows_on_another_is_not_before_its_end(api: Api, past: Json) -> None:
    pupil = enroll(api, past, entry_date="2020-09-01")
    step(api, pupil, "withdraw", exit_date="2020-12-18")
    body = {"entry_date": "2020-12-17"}
    assert pointers(refused_step(api, 422, pupil, "reenroll", **body)) == ["/entry_date"]
    assert step(api, pupil, "reenroll", entry_date="2020-12-18")["status"] == "enrolled"
    other = enroll(api, past, entry_date="2020-09-01")
    body = {"calendar_id": new_calendar(api, new_year(api, FIRST, LAST))["id"]}
    dates = {"exit_date": "2021-02-01", "entry_date": "2021-01-31"}
    problem = refused_step(api, 422, other, "transfer", **body, **dates)
    assert pointers(problem) == ["/entry_date"]


def test_nothing_follows_for_an_archived_person(api: Api, calendar: Json) -> None:
    withdrawn, enrolled = in_state(api, calendar, "withdrawn"), enroll(api, calendar)
    there = {"calendar_id": new_calendar(api)["id"]}
    for pupil in (withdrawn, enrolled):
        api.act(f"/persons/{pupil['person_id']}/archive")
    for pupil, name in ((withdrawn, "reenroll"), (enrolled, "transfer")):
        problem = refused_step(api, 409, pupil, name, **there)
        assert slug(problem) == "reference-archived"
    assert step(api, enrolled, "withdraw")["status"] == "withdrawn"


def test_the_state_is_told_before_a_default_day_that_is_none(api: Api, past: Json) -> None:
    pupil = enroll(api, past, entry_date="2020-09-01")
    step(api, pupil, "graduate")
    assert slug(refused_step(api, 409, pupil, "reenroll")) == "wrong-move"


def test_what_is_unchanged_may_be_archived_meanwhile(api: Api, calendar: Json) -> None:
    pupil = enroll(api, calendar)
    body = {"grade_level_id": pupil["grade_level_id"], "entry_date": today(-1).isoformat()}
    assert api.patch(f"/school-enrollments/{pupil['id']}", body)["entry_date"] == body["entry_date"]


class TestScopes:
    """A school in two years: the lists of school, year, calendar and persons agree."""

    @pytest.fixture(scope="class")
    def found(self, tenant: Tenant) -> Json:
        api = tenant.member
        old = new_year(api, FIRST, LAST)
        new = new_year(api, date(2021, 8, 1), date(2022, 7, 31))
        first = new_calendar(api, old)
        school = {"id": first["school_id"]}
        second = new_calendar(api, new, school)
        people = [
            new_person(api, "Zoë", "Ito"),
            new_person(api, "Ana", "Öberg"),
            new_person(api, "Bo", "Adams"),
        ]
        made = [
            enroll(api, first, people[0], entry_date="2020-08-15"),
            enroll(api, first, people[1], entry_date="2020-08-15"),
            enroll(api, first, people[2], entry_date="2021-03-01"),
        ]
        step(api, made[0], "withdraw", exit_date="2020-12-18")
        made.append(enroll(api, second, people[0], entry_date="2021-08-20"))
        return {
            "school": f"/schools/{school['id']}/enrollments",
            "old": f"/school-years/{old['id']}/enrollments",
            "first": f"/school-calendars/{first['id']}/enrollments",
            "second": f"/school-calendars/{second['id']}/enrollments",
            "person": f"/persons/{people[0]['id']}/school-enrollments",
            "made": made,
            "people": people,
        }

    def ids(self, api: Api, path: str, **query: object) -> list[str]:
        return [one["id"] for one in api.items(path, **query)]

    def test_scopes_agree(self, api: Api, found: Json) -> None:
        made = [one["id"] for one in found["made"]]
        assert self.ids(api, found["school"]) == made
        assert self.ids(api, found["old"]) == self.ids(api, found["first"]) == made[:3]
        assert self.ids(api, found["second"]) == made[3:]
        assert self.ids(api, found["person"]) == [made[0], made[3]]

    @pytest.mark.parametrize(
        ("day", "enrolled"),
        [
            ("2020-08-14", []),
            ("2020-08-15", [0, 1]),
            ("2020-12-18", [0, 1]),  # the last day
            ("2020-12-19", [1]),
            ("2021-03-01", [1, 2]),
            ("2021-07-31", [1, 2]),  # until the year ends
            ("2021-08-01", []),
            ("2021-08-20", [3]),
            ("1999-01-01", []),
        ],
    )
    def test_who_was_enrolled_on_a_day(
        self, api: Api, found: Json, day: str, enrolled: list[int]
    ) -> None:
        made = [one["id"] for one in found["made"]]
        wanted = [made[n] for n in enrolled]
        for scope in ("school", "old", "first", "second", "person"):
            of_scope = set(self.ids(api, found[scope]))
            inside = [id_ for id_ in wanted if id_ in of_scope]
            assert self.ids(api, found[scope], as_of=day) == inside
            page = api.get(found[scope], as_of=day, count="true", limit=1)
            assert page["total"] == len(inside)
            assert [one["id"] for one in api.pages(found[scope], as_of=day, limit=1)] == inside
        by_name = self.ids(api, found["school"], as_of=day, sort="person.sort_name")
        assert sorted(by_name) == wanted

    def test_a_day_is_one_date(self, api: Api, found: Json) -> None:
        for day in ("2021-02-30", "today", "2021-02-03T00:00:00Z", "2021-02-01,2021-02-02", ""):
            api.refused(400, "GET", f"{found['school']}?as_of={day}")
        api.refused(400, "GET", f"{found['school']}?as_of__gte=2021-02-01")

    def test_a_class_list_is_by_name(self, api: Api, found: Json) -> None:
        asked = {"sort": "person.sort_name", "expand": "person,grade_level"}
        listed = api.items(found["first"], **asked)
        names = [one["person"]["sort_name"] for one in listed]
        assert names == ["Adams, Bo", "Ito, Zoë", "Öberg, Ana"]
        assert api.pages(found["first"], limit=1, **asked) == listed
        down = {**asked, "sort": "-person.sort_name"}
        assert api.pages(found["first"], limit=2, **down) == listed[::-1]

    def test_a_class_list_follows_names(self, api: Api, found: Json) -> None:
        person = found["people"][2]
        before = as_now(api, found["made"][2])
        identity = new_identity(api, person, "Bo", "Zimmer")
        api.act(f"/persons/{person['id']}/current-identity", {"identity_id": identity["id"]})
        listed = api.items(found["first"], sort="person.sort_name", fields="person_id")
        assert [one["person_id"] for one in listed][-1] == person["id"]
        assert as_now(api, found["made"][2]) == before
