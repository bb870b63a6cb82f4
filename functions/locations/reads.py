"""What other modules may know of locations and their types."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from locations.tables import location_types, locations
from nexus.access.scope import ROOT_TENANT_ID, Scope
from nexus.records.query import Reference


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


def locations_by_id(scope: Scope, ids: Collection[str]) -> dict[str, LocationRecord]:
    """Locations of the tenant; others are left out."""
    c = locations.c
    asked = select(c.id, c.parent_id, c.name, c.type_id, c.code, c.path, c.depth).where(
        c.id.in_(ids), c.tenant_id == scope.tenant_id
    )
    return {row["id"]: LocationRecord(**row) for row in scope.connection.execute(asked).mappings()}


def location_types_by_id(scope: Scope, ids: Collection[str]) -> dict[str, LocationTypeRecord]:
    """Location types of the tenant or shared; ids that are neither are left out."""
    c = location_types.c
    asked = select(c.id, c.tenant_id, c.name).where(
        c.id.in_(ids), c.tenant_id.in_([scope.tenant_id, ROOT_TENANT_ID])
    )
    return {
        row["id"]: LocationTypeRecord(**row) for row in scope.connection.execute(asked).mappings()
    }


LOCATION, LOCATION_TYPE = Reference(locations_by_id), Reference(location_types_by_id)
