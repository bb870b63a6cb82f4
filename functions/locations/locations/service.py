"""Rules of locations: no cycle, a bounded depth, moves that take turns."""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache, partial

from sqlalchemy import bindparam, select

from locations.locations.schemas import LocationRead
from locations.reads import END, LOCATION, LOCATION_TYPE, below
from locations.tables import locations
from nexus.db.statements import Sql, compiled
from nexus.problems import Conflict, NotFound, ValidationFailed, error
from nexus.records.crud import CrudService
from nexus.records.fields import Field, among_filter
from nexus.records.query import Params, Query
from nexus.records.reading import Record
from nexus.records.references import Reference

# Before any row's lock: the trigger takes it too, and then two moves would wait for each other.
LOCK = Sql("SELECT pg_advisory_xact_lock(nexus.locations_lock(nexus.tenant_id()))")


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
    path = "/locations/{location_id}"
    references = {"parent_id": LOCATION, "type_id": LOCATION_TYPE}

    @classmethod
    def own_filters(cls) -> Mapping[str, Field]:
        return among_filter("ancestor_id", locations.c.id, partial(below, itself=False))

    @classmethod
    def checked_filters(cls) -> Mapping[str, Reference]:
        return {**cls.references, "ancestor_id": LOCATION}

    def update(self, record_id: str, changes: Record) -> Record:
        if changes.keys() & {"name", "parent_id"}:
            self.scope.require_tenant()
            self.scope.run_ahead(LOCK, {})
        return super().update(record_id, changes)

    def tree(self, location_id: str, params: Params) -> Record:
        """A location with all below it, read in one query. Raises NotFound."""
        query = Query(params, self.fields(), ("fields",))
        needed = tuple(dict.fromkeys([*query.selected, "id", "parent_id"]))
        self.scope.require_tenant()
        found = self.scope.run(tree_of(needed), {"id": location_id})
        rows = [dict(zip(needed, row, strict=True)) for row in found]
        return nested(rows, set(needed).difference(query.selected))


@lru_cache(maxsize=64)
def tree_of(needed: tuple[str, ...]) -> Sql:
    """Those of a location's tree, parents before children."""
    c, wall = locations.c, Locations.visible()
    start = select(c.tree).where(wall, c.id == bindparam("id", type_=c.id.type)).scalar_subquery()
    rows = Locations.select(*needed).where(wall, c.tree >= start, c.tree < start + END)
    return compiled(rows.order_by(c.depth, c.name_sort, c.id))


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
