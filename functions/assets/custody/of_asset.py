"""What custody has in common: whoever records something holds the asset's row, so that all take
turns."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from assets.assets.states import MACHINE
from assets.custody import statements
from assets.reads import ASSET
from census.reads import PERSON
from locations.reads import LOCATION, within_location
from nexus.access.scope import Rows
from nexus.problems import Conflict, ValidationFailed, error
from nexus.records.fields import Field
from nexus.records.parts import HeldService
from nexus.records.reading import Record
from nexus.records.references import Reference
from nexus.records.resources import Parent

EARLIEST = date(1900, 1, 1)
TO_ISSUE, TO_TELL = ("active",), ("active", "retired")  # the states of assets for that


class AssetNotActive(Conflict):
    """The state of the asset does not allow this."""

    constraints = ("ck_asset_assignments_asset_id",)

    def __init__(self, state: str = "", action: str = "assigned") -> None:
        told: dict[str, Any] = {"state": state, "allowed": MACHINE.allowed(state)} if state else {}
        super().__init__(f"It is {state or 'not active'}, so that it can't be {action}.", **told)


class AssetOverIssued(Conflict):
    """Less is left than that."""

    def __init__(self, available: int, tracking_type: str) -> None:
        left = f"Of the asset {available} are left."
        told = "It is out: have it returned first." if tracking_type == "serialized" else left
        super().__init__(told, available=available)


class CustodyOverlaps(Conflict):
    """Others had it then: at some moment more would have been out than there is."""

    constraints = ("ck_asset_assignments_overlap",)


@dataclass(frozen=True)
class Clock:
    """When things are, where the tenant is."""

    now: datetime
    today: date
    day: date | None  # of what occurred
    start: datetime | None  # of the first day that was asked for
    end: datetime | None  # of the second
    after_end: datetime | None  # when that is over, as far as it is over


class OfAsset(HeldService):
    """What happens to an asset."""

    held_by = ASSET
    whole_id = "asset_id"
    references = {"asset_id": ASSET, "person_id": PERSON, "location_id": LOCATION}
    parents = {"asset_id": Parent(ASSET, ("asset_id",))}
    indexed: ClassVar[Collection[str]] = ("asset_id", "person_id", "location_id")
    asked_of_clock: Record
    clock: Clock

    @classmethod
    def own_filters(cls) -> Mapping[str, Field]:
        return within_location(cls.table.c.location_id)

    @classmethod
    def checked_filters(cls) -> Mapping[str, Reference]:
        return {**cls.references, "location_id__within": LOCATION}

    @classmethod
    def held_columns(cls) -> tuple[str, ...]:
        return (
            "id",
            "archived_at",
            "status",
            "tracking_type",
            "quantity",
            "quantity_available",
        )

    def begin(
        self,
        asset_id: str | None = None,
        occurred_at: datetime | None = None,
        start_date: date | None = None,
        end_date: date | None = None,
    ) -> None:
        """Have an asset held in the next flush, or that of the record that is locked then, and
        the clock read behind it."""
        asked = {"occurred_at": occurred_at, "start_date": start_date, "end_date": end_date}
        self.asked_of_clock = asked
        if asset_id is not None:
            self.scope.require_tenant()
            self.hold_for_new(asset_id)
            self._read_clock_ahead()

    def hold_ahead(self, record_id: str) -> None:
        super().hold_ahead(record_id)
        self._read_clock_ahead()

    def refuse_issue(self, quantity: int) -> None:
        """Raises ValidationFailed, AssetNotActive, AssetOverIssued."""
        self.refuse_several(quantity)
        self.refuse_state(TO_ISSUE, "issued")
        if quantity > self.held["quantity_available"]:
            raise AssetOverIssued(self.held["quantity_available"], self.held["tracking_type"])

    def refuse_several(self, quantity: int) -> None:
        """Of what has a serial number."""
        if self.held["tracking_type"] == "serialized" and quantity != 1:
            raise ValidationFailed(error("quantity", "is 1 of what has a serial number"))

    def refuse_state(self, states: tuple[str, ...], action: str) -> None:
        if self.held["status"] not in states:
            raise AssetNotActive(self.held["status"], action)

    def _read_clock_ahead(self) -> None:
        self.scope.run_ahead(statements.CLOCK, self.asked_of_clock, self._read_clock)

    def _read_clock(self, rows: Rows) -> None:
        self.clock = Clock(*rows[0])

    def check_holder(self, values: Record, *names: str) -> None:
        """Have the person or the place that a body names looked for in the next flush: in reach,
        and live."""
        named = {"person_id": PERSON, "location_id": LOCATION}
        self.check_named([(n, named[n], values[n]) for n in names if values[n] is not None])
