"""School years and calendars: what is current, and what a year has to hold."""

from datetime import date

import pytest

from tests.support.api import Api, Json, pointers, slug
from tests.support.education import enroll, new_calendar, new_year, step
from tests.support.makers import MAKERS
from tests.support.people import Tenant, World


@pytest.fixture
def api(tenant: Tenant) -> Api:
    return tenant.member


def current(api: Api) -> list[str]:
    return [year["id"] for year in api.items("/school-years", is_current="true")]


def test_one_year_is_current(world: World) -> None:
    api = world.new_tenant().member
    years = [new_year(api) for _ in range(2)]
    assert current(api) == []
    for year in (*years, years[0]):
        made = api.act(f"/school-years/{year['id']}/make-current")
        assert made["is_current"]
        assert api.act(f"/school-years/{year['id']}/make-current") == made
        assert current(api) == [year["id"]]
    place = f"/school-years/{years[0]['id']}"
    assert slug(api.refused(409, "POST", f"{place}/archive")) == "year-is-current"
    other = f"/school-years/{years[1]['id']}"
    api.act(f"{other}/archive")
    assert slug(api.refused(409, "POST", f"{other}/make-current")) == "record-archived"
    for body in ({"is_current": True}, {"is_current": False}):
        assert pointers(api.refused(422, "PATCH", other, body)) == ["/is_current"]


@pytest.mark.parametrize(
    ("first", "last"), [("2026-08-01", "2026-08-01"), ("2026-08-01", "2026-07-31")]
)
def test_a_year_starts_before_it_ends(api: Api, first: str, last: str) -> None:
    body = {**MAKERS["school_year_id"].body(api), "start_date": first, "end_date": last}
    api.refused(422, "POST", "/school-years", body)
    year = new_year(api, date(2026, 8, 1), date(2027, 7, 31))
    place = f"/school-years/{year['id']}"
    assert pointers(api.refused(422, "PATCH", place, {"end_date": last})) == ["/end_date"]
    api.refused(422, "PATCH", place, {"start_date": "2027-07-31"})


def test_a_year_holds_its_enrollments(api: Api) -> None:
    year = new_year(api, date(2020, 8, 1), date(2021, 7, 31))
    calendar = new_calendar(api, year)
    pupil = enroll(api, calendar, entry_date="2020-09-01")
    step(api, pupil, "withdraw", exit_date="2021-03-31")
    place = f"/school-years/{year['id']}"
    for body in ({"start_date": "2020-09-02"}, {"end_date": "2021-03-30"}):
        assert slug(api.refused(409, "PATCH", place, body)) == "enrollments-outside-year"
    kept = api.patch(place, {"start_date": "2020-09-01", "end_date": "2021-03-31"})
    assert (kept["start_date"], kept["end_date"]) == ("2020-09-01", "2021-03-31")


def test_years_may_overlap(api: Api) -> None:
    years: list[Json] = [new_year(api) for _ in range(2)]
    assert years[0]["start_date"] == years[1]["start_date"]


def test_a_calendar_in_use_stays_in_its_year(tenant: Tenant) -> None:
    api = tenant.member
    calendar, other = new_calendar(api), new_year(api)
    place = f"/school-calendars/{calendar['id']}"
    moved = api.patch(place, {"calendar_id": other["id"]})
    assert moved["calendar_id"] == other["id"]
    enroll(api, calendar)
    body = {"calendar_id": calendar["calendar_id"]}
    assert slug(api.refused(409, "PATCH", place, body)) == "calendar-in-use"
    for path, holding in (
        (place, "school-enrollments"),
        (f"/schools/{calendar['school_id']}", "school-calendars"),
        (f"/school-years/{other['id']}", "school-calendars"),
    ):
        problem = tenant.admin.refused(409, "DELETE", path)
        assert holding in {one["resource"] for one in problem["conflicts"]}
