"""School years: when school is, one of them now."""

from datetime import date, datetime
from typing import Self

from pydantic import Field, model_validator

from education.tables import school_years
from nexus.db.statements import Sql
from nexus.http.routes import add_action, crud_router
from nexus.problems import Conflict, ValidationFailed, error
from nexus.records.crud import REASON, CrudService
from nexus.records.reading import Record
from nexus.records.schemas import Body, Date, Name, TenantRead, unset

YEAR_NOW = Sql(
    "SELECT id, is_current FROM school_years WHERE tenant_id = nexus.tenant_id()"
    " AND archived_at IS NULL AND nexus.day_of(now()) BETWEEN start_date AND end_date"
    " ORDER BY is_current DESC, start_date DESC, id DESC LIMIT 1"
)


class SchoolYearRead(TenantRead):
    name: str
    start_date: date
    end_date: date = Field(description="The last day")
    is_current: bool = Field(description="One year of a tenant is: POST …/make-current")
    archived_at: datetime | None


class SchoolYearCreate(Body):
    name: Name
    start_date: Date = Field(examples=["2026-08-01"])
    end_date: Date = Field(examples=["2027-07-31"])

    @model_validator(mode="after")
    def in_order(self) -> Self:
        if self.start_date >= self.end_date:
            raise ValueError("has to start before it ends: see start_date and end_date")
        return self


class SchoolYearUpdate(Body):
    name: Name = unset()
    start_date: Date = unset()
    end_date: Date = unset()


class YearIsCurrent(Conflict):
    """The current school year can't be archived: make another current first."""

    constraints = ("ck_school_years_current",)


class EnrollmentsOutsideYear(Conflict):
    """Enrollments would fall out of the school year: change their dates first."""

    constraints = ("ck_school_years_enrollments",)


class YearWithoutEnd(ValidationFailed):
    """A school year starts before it ends."""

    constraints = ("ck_school_years_dates",)

    def __init__(self) -> None:
        super().__init__(error("end_date", "has to be after the start"))


class SchoolYears(CrudService):
    """Members write them."""

    table = school_years
    read = SchoolYearRead
    path = "/school-years/{school_year_id}"

    def make_current(self, record_id: str, reason: str | None = None) -> Record:
        """The mark moves here from another year; done twice, nothing changes."""
        self.authorize_write()
        year = self.lock(record_id)
        self.refuse_change(year)
        if year["is_current"]:
            return year
        if reason:
            self.scope.run_ahead(REASON, {"reason": reason})
        return self.write(year, {"is_current": True})

    def to_roll_to(self) -> str | None:
        """The year that holds today, the latest of several, unless one that does is current."""
        found = self.scope.run(YEAR_NOW)
        return None if not found or found[0][1] else found[0][0]

    def roll(self, record_id: str) -> bool:
        """Make a year current that holds today, if it still does; whether that moved the mark."""
        year = self.lock(record_id)
        if self.to_roll_to() != record_id:
            return False
        self.write(year, {"is_current": True})
        return True


router = crud_router(SchoolYears, SchoolYearCreate, SchoolYearUpdate)
add_action(router, SchoolYears, "make-current", SchoolYears.make_current, operation="make_current")
