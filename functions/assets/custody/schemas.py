"""What bodies and answers about custody are made of."""

from datetime import date, datetime
from typing import Literal, Self

from pydantic import Field, model_validator

from assets.assets.schemas import Quantity
from nexus.records.schemas import Body, Date, Description, Id, TenantRead, Timestamp, unset

CirculationType = Literal["issue", "return", "move", "receive", "confirm"]


class CirculationRead(TenantRead):
    asset_id: str
    circulation_type: CirculationType
    person_id: str | None
    location_id: str | None
    quantity: int
    occurred_at: datetime
    notes: str | None
    recorded_by: str | None = Field(description="The user; null where a job did it")
    corrects_id: str | None = Field(description="The event that was a mistake")


class CirculationCreate(Body):
    """An issue names a person, a move and a receipt a place. A return that corrects an issue undoes
    it, an issue that corrects a return lets what was returned go on; a move, a receipt and a
    confirmation correct one of their own kind."""

    asset_id: Id
    circulation_type: CirculationType
    person_id: Id | None = None
    location_id: Id | None = None
    quantity: Quantity | None = Field(
        default=None, description="1 by default; of a correction what it corrects"
    )
    occurred_at: Timestamp | None = Field(default=None, description="Now by default")
    notes: Description | None = None
    corrects_id: Id | None = None


class AssetAssignmentRead(TenantRead):
    asset_id: str
    person_id: str | None
    location_id: str | None
    quantity: int
    start_date: date
    end_date: date | None
    due_on: date | None
    notes: str | None
    closed_at: datetime | None = Field(description="Open while null")
    is_undone: bool = Field(
        description="Whether it was no custody: it ended as it began, for its issue was a mistake"
    )


class AssignmentOfAssetCreate(Body):
    """To a person or to a place. With an end in the past it is closed at once, with one to come
    when that day is over."""

    person_id: Id | None = None
    location_id: Id | None = None
    quantity: Quantity = 1
    start_date: Date | None = Field(default=None, description="Today by default")
    end_date: Date | None = None
    due_on: Date | None = None
    notes: Description | None = None

    @model_validator(mode="after")
    def one_holder(self) -> Self:
        if (self.person_id is None) == (self.location_id is None):
            raise ValueError("give who or what holds it by one of two: person_id, location_id")
        return self


class AssetAssignmentCreate(AssignmentOfAssetCreate):
    """To a person or to a place. With an end in the past it is closed at once, with one to come
    when that day is over."""

    asset_id: Id


class AssetAssignmentUpdate(Body):
    """Who holds it since when is changed by circulations."""

    end_date: Date | None = unset()
    due_on: Date | None = unset()
    notes: Description | None = unset()


class AssetAssignmentClose(Body):
    end_date: Date | None = Field(default=None, description="Today by default")
    notes: Description | None = None
