"""Employments and what they are for: the full tables of moves, and what ends with what."""

import pytest

from education.assignments.states import MOVES as ASSIGNMENT_MOVES
from education.employments.states import MOVES
from tests.support.api import Api, Json, pointers, slug
from tests.support.education import assign, employ, new_calendar, today
from tests.support.makers import MAKERS, hired
from tests.support.people import Tenant

WAYS = {
    "pending": (),
    "hired": ("hire",),
    "terminated": ("hire", "terminate"),
    "retired": ("hire", "retire"),
}
TABLE = {
    ("pending", "hire"): "hired",
    ("hired", "terminate"): "terminated",
    ("hired", "retire"): "retired",
    ("terminated", "reactivate"): "hired",
    ("retired", "reactivate"): "hired",
}
OF_ASSIGNMENT = {
    ("planned", "start"): "active",
    ("planned", "end"): "ended",
    ("active", "end"): "ended",
    ("ended", "reactivate"): "active",
}
TO_ASSIGNMENT = {"planned": (), "active": ("start",), "ended": ("start", "end")}


@pytest.fixture
def api(tenant: Tenant) -> Api:
    return tenant.member


def employment_path(employment: Json) -> str:
    return f"/school-employments/{employment['id']}"


def path_of(assignment: Json) -> str:
    return f"/school-employment-assignments/{assignment['id']}"


@pytest.mark.parametrize("state", WAYS)
def test_moves_are_those_of_the_table(api: Api, state: str) -> None:
    employment = employ(api, *WAYS[state])
    assert employment["status"] == state
    open_moves = sorted(move for source, move in TABLE if source == state)
    for move in MOVES:
        if (state, move) in TABLE:
            moved = employ(api, *WAYS[state], move)
            assert moved["status"] == TABLE[state, move]
            ended = moved["status"] in ("terminated", "retired")
            assert (moved["end_date"] is not None) == ended
            stamps = [name for name in ("terminated_at", "retired_at") if moved[name]]
            assert stamps == ([f"{moved['status']}_at"] if ended else [])
            assert moved["hired_at"]
            assert moved["hire_date"] == today().isoformat()
        else:
            problem = api.refused(409, "POST", f"{employment_path(employment)}/{move}")
            assert (slug(problem), problem["state"]) == ("wrong-move", state)
            assert problem["allowed"] == open_moves
    assert api.get(employment_path(employment)) == employment


@pytest.mark.parametrize("state", TO_ASSIGNMENT)
def test_moves_of_assignments_are_those_of_the_table(api: Api, state: str) -> None:
    employment = hired(api)
    assignment = assign(api, employment, *TO_ASSIGNMENT[state])
    assert assignment["status"] == state
    open_moves = sorted(move for source, move in OF_ASSIGNMENT if source == state)
    for move in ASSIGNMENT_MOVES:
        if (state, move) in OF_ASSIGNMENT:
            moved = assign(api, employment, *TO_ASSIGNMENT[state], move)
            assert moved["status"] == OF_ASSIGNMENT[state, move]
            is_over = moved["status"] == "ended"
            assert (moved["ended_at"] is not None) == (moved["end_date"] is not None) == is_over
        else:
            problem = api.refused(409, "POST", f"{path_of(assignment)}/{move}")
            assert (slug(problem), problem["state"]) == ("wrong-move", state)
            assert problem["allowed"] == open_moves
    assert api.get(path_of(assignment)) == assignment


@pytest.mark.parametrize("move", ["terminate", "retire"])
def test_what_ends_takes_its_assignments_along(api: Api, move: str) -> None:
    employment = hired(api)
    active = assign(api, employment, "start", start_date="2020-01-01", end_date="2099-12-31")
    planned = assign(api, employment, start_date=today(90).isoformat())
    over = assign(api, employment, "start", "end", start_date="2019-01-01", end_date="2019-12-31")
    end = today(7).isoformat()
    ended = api.act(f"{employment_path(employment)}/{move}", {"end_date": end, "reason": "Moved"})
    assert (ended["end_date"], ended["end_reason"]) == (end, "Moved")
    shown = {one["id"]: one for one in api.items(f"{employment_path(employment)}/assignments")}
    assert {one["status"] for one in shown.values()} == {"ended"}
    assert (shown[active["id"]]["start_date"], shown[active["id"]]["end_date"]) == (
        "2020-01-01",
        end,
    )
    assert (shown[planned["id"]]["start_date"], shown[planned["id"]]["end_date"]) == (None, end)
    assert shown[over["id"]] == over
    for one in (active, planned):
        problem = api.refused(409, "POST", f"{path_of(one)}/reactivate")
        assert (slug(problem), problem["state"]) == ("not-employed", ended["status"])
    again = api.act(f"{employment_path(employment)}/reactivate")
    assert (again["end_date"], again["end_reason"]) == (None, None)
    assert api.act(f"{path_of(active)}/reactivate")["end_date"] is None


def test_an_assignment_lies_inside_its_employment(api: Api) -> None:
    pending = employ(api)
    early = assign(api, pending, start_date="2020-01-01")
    assert slug(api.refused(409, "POST", f"{path_of(early)}/start")) == "not-employed"
    problem = api.refused(
        409, "POST", f"{employment_path(pending)}/hire", {"hire_date": "2020-02-01"}
    )
    assert slug(problem) == "assignment-begins"
    api.act(f"{employment_path(pending)}/hire", {"hire_date": "2020-01-01"})
    for body in (
        {"start_date": "2019-12-31"},
        {"start_date": "2020-02-01", "end_date": "2020-01-31"},
    ):
        problem = api.refused(422, "PATCH", path_of(early), body)
        assert pointers(problem)[0] in {"/start_date", "/end_date"}
    problem = api.refused(422, "POST", f"{path_of(early)}/start", {"start_date": "2019-12-31"})
    assert pointers(problem) == ["/start_date"]
    api.act(f"{path_of(early)}/start")
    late = {"hire_date": "2020-01-02"}
    assert slug(api.refused(409, "PATCH", employment_path(pending), late)) == "assignment-begins"
    problem = api.refused(
        422, "POST", f"{employment_path(pending)}/terminate", {"end_date": "2019-12-31"}
    )
    assert pointers(problem) == ["/end_date"]
    begun = assign(api, pending, "start", start_date="2021-01-01")
    problem = api.refused(
        422, "POST", f"{employment_path(pending)}/retire", {"end_date": "2020-06-30"}
    )
    assert pointers(problem) == ["/end_date"]
    assert api.get(path_of(begun)) == begun


def test_dates_go_with_the_state(api: Api) -> None:
    pending, working = employ(api), hired(api)
    for employment, body in (
        (pending, {"hire_date": "2020-01-01"}),
        (pending, {"end_date": "2020-01-01"}),
        (working, {"hire_date": None}),
        (working, {"end_date": "2020-01-01"}),
        (working, {"end_reason": "None yet"}),
    ):
        assert slug(api.refused(409, "PATCH", employment_path(employment), body)) == "not-then"
    gone = api.act(f"{employment_path(working)}/retire")
    place = employment_path(gone)
    assert pointers(api.refused(422, "PATCH", place, {"end_date": "1999-12-31"})) == ["/end_date"]
    assert api.patch(place, {"end_date": "2020-06-30"})["end_date"] == "2020-06-30"


def test_a_calendar_is_one_of_its_school(api: Api) -> None:
    employment, calendar = hired(api), new_calendar(api)
    own = {"school_id": calendar["school_id"], "calendar_id": calendar["id"]}
    made = assign(api, employment, **own)
    other = MAKERS["school_id"].new(api)["id"]
    body = {"type_id": made["type_id"], "school_id": other, "calendar_id": calendar["id"]}
    problem = api.refused(422, "POST", f"{employment_path(employment)}/assignments", body)
    assert pointers(problem) == ["/calendar_id"]
    problem = api.refused(422, "PATCH", path_of(made), {"school_id": other})
    assert pointers(problem) == ["/calendar_id"]
    moved = api.patch(path_of(made), {"school_id": other, "calendar_id": None})
    assert moved["school_id"] == other
    for scope in (
        f"/schools/{other}/employment-assignments",
        f"/persons/{employment['person_id']}/school-employment-assignments",
        f"{employment_path(employment)}/assignments",
    ):
        assert api.items(scope) == [moved]
    assert api.items(f"/school-calendars/{calendar['id']}/employment-assignments") == []


def test_what_ends_before_it_began_has_no_start(api: Api) -> None:
    employment = hired(api)
    planned = assign(api, employment, start_date=today(30).isoformat())
    ended = api.act(f"{path_of(planned)}/end")
    assert (ended["start_date"], ended["end_date"]) == (None, today().isoformat())
    active = assign(api, employment, "start", start_date="2020-05-01")
    problem = api.refused(422, "POST", f"{path_of(active)}/end", {"end_date": "2020-04-30"})
    assert pointers(problem) == ["/end_date"]


def test_a_corrected_end_is_that_of_what_ended_with_it(api: Api) -> None:
    employment = hired(api)
    long = assign(api, employment, "start", start_date="2020-09-01")
    short = assign(api, employment, "start", start_date="2020-09-01", end_date="2020-12-18")
    place = employment_path(employment)
    api.act(f"{place}/retire", {"end_date": "2021-06-30"})
    ends = {one["id"]: one["end_date"] for one in api.items(f"{place}/assignments")}
    assert ends == {long["id"]: "2021-06-30", short["id"]: "2020-12-18"}
    api.patch(place, {"end_date": "2021-03-31"})
    ends = {one["id"]: one["end_date"] for one in api.items(f"{place}/assignments")}
    assert ends == {long["id"]: "2021-03-31", short["id"]: "2020-12-18"}
    problem = api.refused(422, "PATCH", place, {"end_date": "2020-08-31"})
    assert pointers(problem) == ["/end_date"]


def test_a_school_that_stays_may_be_archived_meanwhile(api: Api) -> None:
    made = assign(api, hired(api), "start", start_date="2020-09-01")
    api.act(f"/schools/{made['school_id']}/archive")
    body = {"school_id": made["school_id"], "end_date": "2099-06-30"}
    assert api.patch(path_of(made), body)["end_date"] == "2099-06-30"
    other = {"school_id": MAKERS["school_id"].new(api)["id"]}
    api.act(f"/schools/{other['school_id']}/archive")
    assert slug(api.refused(409, "PATCH", path_of(made), other)) == "reference-archived"
