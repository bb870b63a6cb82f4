"""Locations: a tree in which every place knows its path."""

from collections.abc import Collection, Sequence
from typing import Annotated, Any

from fastapi import Request
from pydantic import AfterValidator, Field, StringConstraints
from sqlalchemy import func, select, text
from starlette.responses import Response

from locations.reads import LOCATION, LOCATION_TYPE
from locations.tables import locations
from nexus.http import openapi, responses
from nexus.http.auth import Caller
from nexus.http.routes import crud_router, id_in
from nexus.problems import Conflict, NotFound, ValidationFailed, error
from nexus.records.crud import CrudService
from nexus.records.query import Params, Query
from nexus.records.reading import Record
from nexus.records.schemas import Body, Id, Name, TenantRead, unset
from nexus.text import one_line

LOCATION_PATH = "/locations/{location_id}"
TREE = f"{LOCATION_PATH}/tree"
# Before any row's lock: the trigger takes it too, and then two moves would wait for each other.
LOCK = text("SELECT pg_advisory_xact_lock(nexus.locations_lock(:tenant_id))")
END = "~"  # sorts behind every digit of an id

Code = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=50),
    AfterValidator(one_line),
    Field(examples=["LKS-2"]),
]
Address = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500),
    Field(examples=["12 Harbor Street, Lakeside"]),
]


class LocationRead(TenantRead):
    parent_id: str | None
    name: str
    type_id: str
    code: str | None
    address: str | None
    path: list[str] = Field(description="Names from the root to the location itself")
    depth: int = Field(ge=0, le=19, description="0 at the root")


class LocationTree(LocationRead):
    children: list["LocationTree"] = Field(description="What is directly below, by name")


class LocationCreate(Body):
    name: Name
    type_id: Id
    parent_id: Id | None = None
    code: Code | None = None
    address: Address | None = None


class LocationUpdate(Body):
    name: Name = unset()
    type_id: Id = unset()
    parent_id: Id | None = unset()
    code: Code | None = unset()
    address: Address | None = unset()


class LocationCycle(Conflict):
    """A location would lie within itself."""

    constraints = ("ck_locations_cycle",)


class TooDeep(ValidationFailed):
    """Locations lie at most 20 levels deep."""

    constraints = ("ck_locations_depth",)

    def __init__(self) -> None:
        super().__init__(error("parent_id", "is too deep: locations reach from depth 0 to 19"))


class Locations(CrudService):
    table = locations
    read = LocationRead
    references = {"parent_id": LOCATION, "type_id": LOCATION_TYPE}

    def update(self, record_id: str, changes: Record) -> Record:
        if changes.keys() & {"name", "parent_id"}:
            self.scope.connection.execute(LOCK, {"tenant_id": self.scope.tenant_id})
        return super().update(record_id, changes)

    def tree(self, location_id: str, params: Params) -> Record:
        """A location with all below it, read in one query. Raises NotFound."""
        query = Query(params, self.fields, ("fields",))
        c = self.table.c
        start = select(c.tree).where(self.visible(), c.id == location_id).scalar_subquery()
        needed = dict.fromkeys([*query.selected, "id", "parent_id"])
        asked = self.select(*needed).where(self.visible(), c.tree >= start, c.tree < start + END)
        found = self.scope.execute(asked.order_by(c.depth, func.lower(c.name), c.id))
        rows = [dict(zip(needed, row, strict=True)) for row in found]
        return nested(rows, needed.keys() - query.selected)


def nested(rows: Sequence[Record], hidden: Collection[str]) -> Record:
    """Rows, parents before children, as the first with `children`. Raises NotFound if none."""
    if not rows:
        raise NotFound
    nodes: dict[str | None, Record] = {}
    for row in rows:
        if row["parent_id"] in nodes:
            nodes[row["parent_id"]]["children"].append(row)
        nodes[row["id"]] = row
        row["children"] = []
    for row in rows:
        for name in hidden:
            del row[name]
    return rows[0]


router = crud_router(Locations, LOCATION_PATH, LocationCreate, LocationUpdate)


def documented() -> dict[str, Any]:
    options = openapi.operation(TREE, "tree", LocationTree)
    options["openapi_extra"]["parameters"].append(openapi.listed_parameter("fields"))
    return options


@router.get(TREE, **documented())
async def get_tree(request: Request, scope: Caller) -> Response:
    # Without an ETag: the version of the uppermost says nothing of those below.
    found = Locations(scope).tree(id_in(request, "location_id"), request.query_params.multi_items())
    return responses.value(found)
