"""What other modules may know of schools, their years, and who is at them."""

from dataclasses import dataclass
from datetime import date, datetime

from education import tables
from nexus.records.references import Reference


@dataclass(frozen=True, slots=True)
class SchoolRecord:
    id: str
    name: str
    code: str | None
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class SchoolYearRecord:
    id: str
    name: str
    start_date: date
    end_date: date
    is_current: bool
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class SchoolCalendarRecord:
    """`calendar_id` is the school year."""

    id: str
    name: str
    school_id: str
    calendar_id: str


@dataclass(frozen=True, slots=True)
class GradeLevelRecord:
    id: str
    tenant_id: str
    name: str
    code: str
    ordinal: int


@dataclass(frozen=True, slots=True)
class EnrollmentRecord:
    """`status` is enrolled, withdrawn, graduated or transferred."""

    id: str
    person_id: str
    calendar_id: str
    school_id: str
    status: str
    entry_date: date
    exit_date: date | None


@dataclass(frozen=True, slots=True)
class EmploymentRecord:
    """`status` is pending, hired, terminated or retired."""

    id: str
    person_id: str
    title: str | None
    status: str


@dataclass(frozen=True, slots=True)
class EmploymentAssignmentTypeRecord:
    id: str
    tenant_id: str
    name: str


SCHOOL = Reference(tables.schools, SchoolRecord)
SCHOOL_YEAR = Reference(tables.school_years, SchoolYearRecord)
SCHOOL_CALENDAR = Reference(tables.school_calendars, SchoolCalendarRecord)
GRADE_LEVEL = Reference(tables.school_grade_levels, GradeLevelRecord, is_shared=True)
ENROLLMENT = Reference(tables.school_enrollments, EnrollmentRecord)
EMPLOYMENT = Reference(tables.school_employments, EmploymentRecord)
ASSIGNMENT_TYPE = Reference(
    tables.employment_assignment_types, EmploymentAssignmentTypeRecord, is_shared=True
)
