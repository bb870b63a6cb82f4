"""Enrollments keep the contract, by themselves and below what they are scoped by."""

from typing import Any

from tests.contract.plain import ResourceContract
from tests.contract.verbs.creating import CreateContract
from tests.contract.verbs.listing import ListContract
from tests.contract.verbs.parts import BelowContract
from tests.contract.verbs.rights import WRITE, RightsContract
from tests.support.api import Api, Json, slug
from tests.support.makers import MAKERS, ids_for
from tests.support.people import Tenant


class EnrollmentList(ListContract):
    item = "/school-enrollments/{school_enrollment_id}"
    references = {
        "calendar_id": "school_calendar_id",
        "grade_level_id": "school_grade_level_id",
        "previous_id": "school_enrollment_id",
        "transferred_to_id": "school_enrollment_id",
    }
    steps = {"/reenroll": ("/withdraw",)}
    bound = frozenset({"exit_reason"})
    members_may = WRITE

    def change(self) -> Json:
        return {"entry_date": "2001-02-03"}

    def new_of(self, tenant: Tenant) -> Json:
        return MAKERS["school_enrollment_id"].new(tenant.admin)


class TestEnrollments(EnrollmentList, ResourceContract, RightsContract):
    path = "/school-enrollments"


class TestEnrollmentsOfCalendars(EnrollmentList, CreateContract, BelowContract):
    path = "/school-calendars/{school_calendar_id}/enrollments"

    def body(self, api: Api) -> Json:
        return {"person_id": MAKERS["person_id"].new(api)["id"]}

    def test_of_an_archived_whole_nothing_is_changed(self, writer: Api) -> None:
        """Nobody is enrolled at an archived school any more; who was is told of."""
        self.ids = ids_for(writer, self.path)
        record = self.new(writer)
        writer.act(f"/schools/{record['school_id']}/archive")
        problem = writer.refused(409, "POST", self.here, self.body(writer))
        assert slug(problem) == "reference-archived"
        assert self.found(writer, [record]) == [record["id"]]


class TestEnrollmentsOfPersons(EnrollmentList):
    path = "/persons/{person_id}/school-enrollments"

    def new(self, api: Api, **given: Any) -> Json:
        return MAKERS["school_enrollment_id"].new(
            api, **{"person_id": self.ids["person_id"], **given}
        )


class TestEnrollmentsOfSchools(EnrollmentList):
    path = "/schools/{school_id}/enrollments"

    def new(self, api: Api, **given: Any) -> Json:
        calendar = MAKERS["school_calendar_id"].new(api, {"school_id": self.ids["school_id"]})
        return MAKERS["school_enrollment_id"].new(api, **{"calendar_id": calendar["id"], **given})


class TestEnrollmentsOfYears(EnrollmentList):
    path = "/school-years/{school_year_id}/enrollments"

    def new(self, api: Api, **given: Any) -> Json:
        year = self.ids["school_year_id"]
        calendar = MAKERS["school_calendar_id"].new(api, calendar_id=year)
        return MAKERS["school_enrollment_id"].new(api, **{"calendar_id": calendar["id"], **given})
