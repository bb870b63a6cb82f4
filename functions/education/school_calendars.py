"""School calendars: a school in a school year."""

from pydantic import Field

from education.reads import SCHOOL, SCHOOL_YEAR
from education.tables import school_calendars, schools
from nexus.http.routes import add_create, add_delete, add_get, add_list, add_update
from nexus.http.routing import resource_router
from nexus.problems import Conflict
from nexus.records.parts import PartService
from nexus.records.resources import Parent
from nexus.records.schemas import Body, Id, Name, TenantRead, unset


class SchoolCalendarRead(TenantRead):
    school_id: str
    calendar_id: str = Field(description="The school year")
    name: str


class SchoolCalendarCreate(Body):
    calendar_id: Id = Field(description="The school year")
    name: Name


class SchoolCalendarUpdate(Body):
    """Its school stays."""

    calendar_id: Id = unset()
    name: Name = unset()


class CalendarInUse(Conflict):
    """There are enrollments in this calendar: its school year stays."""

    constraints = ("ck_school_calendars_enrollments",)


class SchoolCalendars(PartService):
    """Members write them. Those of an archived school stay as they are."""

    table = school_calendars
    read = SchoolCalendarRead
    path = "/school-calendars/{school_calendar_id}"
    references = {"school_id": SCHOOL, "calendar_id": SCHOOL_YEAR}
    parents = {
        "school_id": Parent(SCHOOL, ("school_id",)),
        "school_year_id": Parent(SCHOOL_YEAR, ("calendar_id",)),
    }
    indexed = ("school_id", "calendar_id")
    whole = schools
    whole_id = "school_id"

    def authorize_write(self) -> None:
        """Whoever reaches a tenant writes its records."""

    def authorize_delete(self) -> None:
        self.scope.require_administrator()


OF_SCHOOL = "/schools/{school_id}/calendars"

router = resource_router()
add_list(router, SchoolCalendars, "/school-calendars")
add_list(router, SchoolCalendars, OF_SCHOOL, "school_calendars.list_of_school")
add_create(
    router, SchoolCalendars, OF_SCHOOL, SchoolCalendarCreate, "school_calendars.create_of_school"
)
add_list(
    router,
    SchoolCalendars,
    "/school-years/{school_year_id}/calendars",
    "school_calendars.list_of_school_year",
)
add_get(router, SchoolCalendars)
add_update(router, SchoolCalendars, SchoolCalendarUpdate)
add_delete(router, SchoolCalendars)
