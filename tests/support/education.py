"""What tests of schools make, besides what the makers do."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.support.api import Api, Json
from tests.support.makers import MAKERS, new_person


def today(days: int = 0) -> date:
    return datetime.now(UTC).date() + timedelta(days)


def new_year(api: Api, first: date | None = None, last: date | None = None) -> Json:
    """Of a year around today, unless told otherwise."""
    dates = {
        "start_date": (first or today(-180)).isoformat(),
        "end_date": (last or today(180)).isoformat(),
    }
    return MAKERS["school_year_id"].new(api, {}, **dates)


def new_calendar(api: Api, year: Json | None = None, school: Json | None = None) -> Json:
    ids = {"school_id": school["id"]} if school else {}
    year = year or new_year(api)
    return MAKERS["school_calendar_id"].new(api, ids, calendar_id=year["id"])


def enroll(api: Api, calendar: Json, person: Json | None = None, **given: Any) -> Json:
    person = person or new_person(api)
    body = {"person_id": person["id"], "calendar_id": calendar["id"], **given}
    made: Json = api.post("/school-enrollments", body)
    return made


def step(api: Api, enrollment: Json, name: str, **body: Any) -> Json:
    """withdraw, graduate; reenroll and transfer answer with the new one."""
    status = 201 if name in ("reenroll", "transfer") else 200
    path = f"/school-enrollments/{enrollment['id']}/{name}"
    made: Json = api.expect(status, "POST", path, json=body).json()
    return made


def refused_step(api: Api, status: int, enrollment: Json, name: str, **body: Any) -> Json:
    path = f"/school-enrollments/{enrollment['id']}/{name}"
    problem: Json = api.refused(status, "POST", path, body)
    return problem


def as_now(api: Api, enrollment: Json) -> Json:
    found: Json = api.get(f"/school-enrollments/{enrollment['id']}")
    return found


def employ(api: Api, *moves: str, **given: Any) -> Json:
    employment = MAKERS["school_employment_id"].new(api, **given)
    for move in moves:
        employment = api.act(f"/school-employments/{employment['id']}/{move}")
    return employment


def assign(api: Api, employment: Json, *moves: str, **given: Any) -> Json:
    body = {
        "school_id": given.get("school_id") or MAKERS["school_id"].new(api)["id"],
        "type_id": api.items("/employment-assignment-types", name="Teacher")[0]["id"],
        **given,
    }
    made: Json = api.post(f"/school-employments/{employment['id']}/assignments", body)
    for move in moves:
        made = api.act(f"/school-employment-assignments/{made['id']}/{move}")
    return made
