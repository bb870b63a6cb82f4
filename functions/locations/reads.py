"""What other modules may know of locations and their types."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import BindParameter, Column, ColumnElement, false, func, true

from locations.tables import location_types, locations
from nexus.records.fields import Field, among_filter
from nexus.records.references import Reference

END = "~"  # sorts behind every digit of an id


@dataclass(frozen=True, slots=True)
class LocationRecord:
    """`path` is the names from the root to the location itself."""

    id: str
    parent_id: str | None
    name: str
    type_id: str
    code: str | None
    path: Sequence[str]
    depth: int


@dataclass(frozen=True, slots=True)
class LocationTypeRecord:
    id: str
    tenant_id: str
    name: str


LOCATION = Reference(locations, LocationRecord)
LOCATION_TYPE = Reference(location_types, LocationTypeRecord, is_shared=True)


def within_location(column: Column[Any]) -> dict[str, Field]:
    """The filter `<column>__within` of records that name a location: there, or anywhere below."""

    return among_filter(f"{column.name}__within", column, partial(below, itself=True))


def below(ids: BindParameter[Any], *, itself: bool) -> ColumnElement[Any]:
    """The ids of all that lies below the locations of the bound ids, as an array."""
    found: ColumnElement[Any] = func.nexus.locations_below(ids, true() if itself else false())
    return found
