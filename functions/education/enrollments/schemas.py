"""What bodies and answers about enrollments are made of."""

from datetime import date, datetime

from pydantic import Field

from education.enrollments.states import Status
from nexus.records.schemas import Body, Date, Id, Reason, TenantRead, unset

EXIT = Field(
    default=None,
    description="The last day; by default today, or the nearest day between the entry and the end"
    " of the school year",
)
ENTRY = Field(
    default=None, description="By default today, or the school year's first day if that is later"
)

GRADE = Field(default=None, description="By default the same, if the school year is")


class EnrollmentRead(TenantRead):
    person_id: str
    calendar_id: str = Field(description="The school calendar")
    school_id: str = Field(description="The calendar's")
    school_year_id: str = Field(description="The calendar's")
    grade_level_id: str | None
    status: Status
    entry_date: date
    exit_date: date | None = Field(description="The last day of membership")
    exit_reason: str | None
    withdrawn_at: datetime | None
    graduated_at: datetime | None
    transferred_at: datetime | None
    previous_id: str | None = Field(description="The enrollment that this one goes on from")
    transferred_to_id: str | None = Field(description="The enrollment that a transfer opened")


class EnrollmentOfCalendarCreate(Body):
    person_id: Id
    grade_level_id: Id | None = None
    entry_date: Date | None = ENTRY


class EnrollmentCreate(EnrollmentOfCalendarCreate):
    calendar_id: Id = Field(description="The school calendar")


class EnrollmentUpdate(Body):
    """Corrections. What ends it is withdraw, graduate or transfer."""

    grade_level_id: Id | None = unset()
    entry_date: Date = unset()
    exit_date: Date | None = unset()
    exit_reason: Reason | None = unset()


class EnrollmentExit(Body):
    exit_date: Date | None = EXIT
    reason: Reason | None = None


class Reenrollment(Body):
    entry_date: Date | None = ENTRY
    calendar_id: Id | None = Field(default=None, description="The same school calendar by default")
    grade_level_id: Id | None = GRADE


class EnrollmentTransfer(Body):
    calendar_id: Id = Field(description="The school calendar that it goes on in")
    grade_level_id: Id | None = GRADE
    exit_date: Date | None = EXIT
    entry_date: Date | None = Field(
        default=None, description="By default the exit date, or the nearest day in the new year"
    )
    reason: Reason | None = None
