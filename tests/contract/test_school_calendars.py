"""School calendars keep the contract, below their school and by themselves."""

from typing import Any

from tests.contract.plain import ResourceContract
from tests.contract.verbs.listing import ListContract
from tests.contract.verbs.parts import BelowContract
from tests.contract.verbs.rights import WRITE, RightsContract
from tests.support.api import Api, Json
from tests.support.makers import MAKERS
from tests.support.people import Tenant

YEAR = {"calendar_id": "school_year_id"}


class TestSchoolCalendars(ResourceContract, BelowContract, RightsContract):
    path = "/schools/{school_id}/calendars"
    item = "/school-calendars/{school_calendar_id}"
    references = YEAR
    members_may = WRITE


def test_a_name_is_taken_in_its_school_and_year(tenant: Tenant) -> None:
    calendar = MAKERS["school_calendar_id"].new(tenant.member)
    body = {"calendar_id": calendar["calendar_id"], "name": calendar["name"].upper()}
    here = f"/schools/{calendar['school_id']}/calendars"
    assert "name" in str(tenant.member.refused(409, "POST", here, body))
    other_year = MAKERS["school_year_id"].new(tenant.member)["id"]
    renamed = tenant.member.post(here, {**body, "calendar_id": other_year})
    changed = {"calendar_id": calendar["calendar_id"]}
    tenant.member.refused(409, "PATCH", f"/school-calendars/{renamed['id']}", changed)
    MAKERS["school_calendar_id"].new(tenant.member, **body)


class OfCalendars(ListContract):
    item = "/school-calendars/{school_calendar_id}"
    references = YEAR

    def new_of(self, tenant: Tenant) -> Json:
        return MAKERS["school_calendar_id"].new(tenant.admin)


class TestAllCalendars(OfCalendars):
    path = "/school-calendars"


class TestCalendarsOfYears(OfCalendars):
    path = "/school-years/{school_year_id}/calendars"

    def new(self, api: Api, **given: Any) -> Json:
        year = {"calendar_id": self.ids["school_year_id"]}
        return MAKERS["school_calendar_id"].new(api, **{**year, **given})
