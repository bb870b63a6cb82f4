"""What bodies and answers about assets are made of."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints
from pydantic.json_schema import SkipJsonSchema

from assets.assets.money import Money, MoneyPatch, MoneyRead
from assets.assets.states import Status
from assets.catalog.asset_models import TrackingType
from nexus.records.schemas import (
    Body,
    Date,
    Description,
    Entry,
    Id,
    Name,
    RecordId,
    TenantRead,
    unset,
    written_by,
)
from nexus.text import one_line

Tag = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    AfterValidator(one_line),
    Field(examples=["LT-0042"]),
]
SerialNumber = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(one_line),
    Field(examples=["5CG1234XYZ"]),
]
Quantity = Annotated[int, Field(ge=1, le=1_000_000_000, examples=[1])]


class AssetRead(TenantRead):
    model_id: str
    tracking_type: TrackingType = Field(description="The model's")
    asset_type_id: str | None = Field(description="The model's")
    manufacturer_id: str | None = Field(description="The model's")
    project_id: str | None
    name: str
    asset_tag: str | None
    serial_number: str | None
    quantity: int
    status: Status
    purchased_on: date | None
    purchase_cost: MoneyRead | None
    warranty_until: date | None
    notes: str | None
    person_id: str | None = Field(description="Who holds it, where it is serialized")
    location_id: str | None = Field(description="Its place, as its circulations tell")
    quantity_out: int = Field(description="How many are assigned now")
    quantity_available: int = Field(description="What is not out, whatever state it is in")
    open_repair_count: int
    archived_at: datetime | None
    retired_at: datetime | None
    disposed_at: datetime | None
    lost_at: datetime | None
    stolen_at: datetime | None


class AssetCreate(Body):
    """A model that is tracked by serial numbers takes one, and a quantity of 1; one that is counted
    takes none."""

    model_id: Id
    name: Name
    serial_number: SerialNumber | None = None
    quantity: Quantity = 1
    asset_tag: Tag | None = None
    project_id: Id | None = None
    purchased_on: Date | None = None
    purchase_cost: Money | None = None
    warranty_until: Date | None = None
    notes: Description | None = None


ACTION = written_by("an action, such as POST /assets/{asset_id}/retire")
CIRCULATION = written_by("a circulation: POST /asset-circulations")


class AssetUpdate(Body):
    model_id: Id = unset()
    name: Name = unset()
    serial_number: SerialNumber | None = unset()
    quantity: Quantity = unset()
    asset_tag: Tag | None = unset()
    project_id: Id | None = unset()
    purchased_on: Date | None = unset()
    purchase_cost: MoneyPatch | None = unset()
    warranty_until: Date | None = unset()
    notes: Description | None = unset()
    status: SkipJsonSchema[Annotated[Any, ACTION]] = unset()
    person_id: SkipJsonSchema[Annotated[Any, CIRCULATION]] = unset()
    location_id: SkipJsonSchema[Annotated[Any, CIRCULATION]] = unset()


class AssetHistoryEntryRead(Entry):
    """One field that changed. What names a record is `{id, name}`, its name as it is now."""

    asset_id: RecordId
    actor_id: str | None
    occurred_at: datetime
    field: str = Field(description="The member's name without `_id`")
    old: Any
    new: Any
