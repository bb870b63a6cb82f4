"""Employment assignments keep the contract, by themselves and below what they are scoped by."""

from typing import Any

from tests.contract.plain import ResourceContract
from tests.contract.verbs.creating import CreateContract
from tests.contract.verbs.listing import ListContract
from tests.contract.verbs.parts import BelowContract
from tests.contract.verbs.rights import WRITE, RightsContract
from tests.support.api import Api, Json, slug
from tests.support.makers import MAKERS, hired
from tests.support.people import Tenant


class AssignmentList(ListContract):
    item = "/school-employment-assignments/{assignment_id}"
    references = {
        "employment_id": "school_employment_id",
        "calendar_id": "school_calendar_id",
        "type_id": "employment_assignment_type_id",
    }
    members_may = WRITE
    steps = {"/reactivate": ("/start", "/end")}

    def change(self) -> Json:
        return {"start_date": "2001-02-03"}

    def new_of(self, tenant: Tenant) -> Json:
        return MAKERS["employment_assignment_id"].new(tenant.admin)

    def of(self, api: Api, **given: Any) -> Json:
        return MAKERS["employment_assignment_id"].new(api, **given)


class TestAssignments(AssignmentList, ResourceContract, RightsContract):
    path = "/school-employment-assignments"


class TestAssignmentsOfEmployments(AssignmentList, CreateContract, BelowContract):
    path = "/school-employments/{school_employment_id}/assignments"

    def body(self, api: Api) -> Json:
        made = MAKERS["employment_assignment_id"].body(api)
        return {name: value for name, value in made.items() if name != "employment_id"}

    def test_of_an_archived_whole_nothing_is_changed(self, writer: Api) -> None:
        """Nothing is planned of an employment that has ended; what was is told of."""
        self.ids = {"school_employment_id": hired(writer)["id"]}
        record = self.new(writer)
        writer.act(f"{self.whole()}/retire")
        problem = writer.refused(409, "POST", self.here, self.body(writer))
        assert slug(problem) == "not-employed"
        assert self.found(writer, [record]) == [record["id"]]


class TestAssignmentsOfSchools(AssignmentList):
    path = "/schools/{school_id}/employment-assignments"

    def new(self, api: Api, **given: Any) -> Json:
        return self.of(api, **{"school_id": self.ids["school_id"], **given})


class TestAssignmentsOfCalendars(AssignmentList):
    path = "/school-calendars/{school_calendar_id}/employment-assignments"

    def new(self, api: Api, **given: Any) -> Json:
        calendar = api.get(f"/school-calendars/{self.ids['school_calendar_id']}")
        whose = {"calendar_id": calendar["id"], "school_id": calendar["school_id"]}
        return self.of(api, **{**whose, **given})


class TestAssignmentsOfPersons(AssignmentList):
    path = "/persons/{person_id}/school-employment-assignments"

    def new(self, api: Api, **given: Any) -> Json:
        employed = MAKERS["school_employment_id"].new(api, person_id=self.ids["person_id"])
        return self.of(api, **{"employment_id": employed["id"], **given})
