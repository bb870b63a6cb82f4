"""What bodies and answers about employment assignments are made of."""

from datetime import date, datetime
from typing import Self

from pydantic import Field, model_validator

from education.assignments.states import Status
from nexus.records.schemas import Body, Date, Id, TenantRead, unset


class EmploymentAssignmentRead(TenantRead):
    employment_id: str
    person_id: str = Field(description="The employment's")
    school_id: str
    calendar_id: str | None = Field(description="The school calendar, one of the school's")
    type_id: str
    status: Status
    start_date: date | None = Field(description="None of what was ended before it began")
    end_date: date | None = Field(description="The last day")
    started_at: datetime | None
    ended_at: datetime | None


class AssignmentOfEmploymentCreate(Body):
    """It is planned until POST …/start."""

    school_id: Id
    type_id: Id
    calendar_id: Id | None = Field(
        default=None, description="The school calendar, one of the school's"
    )
    start_date: Date | None = None
    end_date: Date | None = Field(default=None, description="The last day")

    @model_validator(mode="after")
    def in_order(self) -> Self:
        if self.start_date and self.end_date and self.end_date < self.start_date:
            raise ValueError("ends before it starts: see start_date and end_date")
        return self


class EmploymentAssignmentCreate(AssignmentOfEmploymentCreate):
    employment_id: Id


class EmploymentAssignmentUpdate(Body):
    school_id: Id = unset()
    type_id: Id = unset()
    calendar_id: Id | None = unset()
    start_date: Date | None = unset()
    end_date: Date | None = unset()


class EmploymentAssignmentStart(Body):
    start_date: Date | None = Field(
        default=None, description="By default what is planned, if that is not to come; else today"
    )


class EmploymentAssignmentEnd(Body):
    end_date: Date | None = Field(
        default=None,
        description="The last day: by default what is planned, if that is not to come; else today",
    )


class EmploymentAssignmentRestart(Body):
    start_date: Date | None = Field(default=None, description="Today by default")
