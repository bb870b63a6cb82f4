"""What bodies and answers about employments are made of."""

from datetime import date, datetime

from pydantic import Field

from education.employments.states import Status
from nexus.records.schemas import Body, Date, Id, Name, Reason, TenantRead, unset


class EmploymentRead(TenantRead):
    person_id: str
    school_id: str | None = Field(description="Where it is by default; assignments say where else")
    title: str | None
    status: Status
    hire_date: date | None
    end_date: date | None = Field(description="The last day")
    end_reason: str | None
    hired_at: datetime | None
    terminated_at: datetime | None
    retired_at: datetime | None


class EmploymentCreate(Body):
    """It is pending until POST …/hire."""

    person_id: Id
    school_id: Id | None = None
    title: Name | None = None


class EmploymentUpdate(Body):
    """Dates are corrected so; the actions set them."""

    school_id: Id | None = unset()
    title: Name | None = unset()
    hire_date: Date | None = unset()
    end_date: Date | None = unset()
    end_reason: Reason | None = unset()


class EmploymentHire(Body):
    hire_date: Date | None = Field(default=None, description="Today by default")


class EmploymentEnd(Body):
    end_date: Date | None = Field(
        default=None,
        description="The last day: today by default, or the day of hire if that is to come",
    )
    reason: Reason | None = None
