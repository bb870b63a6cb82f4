"""Relationships between configuration items, seen from either end."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints
from sqlalchemy import ColumnElement, bindparam, case

from configurations.reads import CONFIGURATION_ITEM
from configurations.tables import configuration_items, relationships
from nexus.access.scope import Rows
from nexus.db.statements import Sql
from nexus.http.routes import add_create, add_delete, add_list
from nexus.http.routing import resource_router
from nexus.problems import Conflict, RecordArchived
from nexus.records.crud import CrudService
from nexus.records.reading import Record
from nexus.records.references import names_archived
from nexus.records.resources import Parent
from nexus.records.schemas import Body, Id, TenantRead

OF_ITEM = "/configuration-items/{ci_id}/relationships"
# In one order, so that two which share their ends take turns.
HOLD = Sql(
    "SELECT archived_at FROM configuration_items WHERE id = ANY ($1::text[])"
    " AND tenant_id = nexus.tenant_id() ORDER BY id FOR SHARE",
    ("ids",),
)
HOLD_OF = Sql(
    HOLD.text.replace(
        "$1::text[]",
        "ARRAY (SELECT unnest(ARRAY[source_id, target_id]) FROM relationships"
        " WHERE id = $1 AND tenant_id = nexus.tenant_id())",
    ),
    ("id",),
)

RelationshipType = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$", max_length=50),
    Field(
        description="depends_on, runs_on, connects_to, contains, or a slug of your own",
        examples=["depends_on"],
    ),
]


class RelationshipRead(TenantRead):
    source_id: str = Field(description="What stands on the target")
    target_id: str
    relationship_type: str
    direction: Literal["outgoing", "incoming"] = Field(description="As seen from the item")


class RelationshipCreate(Body):
    target_id: Id
    relationship_type: RelationshipType


class SelfRelation(Conflict):
    """An item is not related to itself."""

    constraints = ("ck_relationships_ends",)


class AlreadyRelated(Conflict):
    """These items are related in this way already."""

    constraints = ("uq_relationships_ends",)


class Relationships(CrudService):
    """Those of one item, as they look from it. Those of an archived item stay as they are."""

    table = relationships
    read = RelationshipRead
    path = "/relationships/{relationship_id}"
    location = "/configuration-items/{ci_id}/relationships?id={relationship_id}"
    references = {"source_id": CONFIGURATION_ITEM, "target_id": CONFIGURATION_ITEM}
    parents = {"ci_id": Parent(CONFIGURATION_ITEM, ("source_id", "target_id"))}

    @classmethod
    def computed(cls) -> Mapping[str, ColumnElement[Any]]:
        is_outgoing = cls.table.c.source_id == bindparam("ci_id", type_=cls.table.c.id.type)
        return {"direction": case((is_outgoing, "outgoing"), else_="incoming")}

    @classmethod
    def is_archived(cls) -> ColumnElement[bool]:
        source, target = configuration_items.alias(), configuration_items.alias()
        c = cls.table.c
        return names_archived(source, c.source_id) | names_archived(target, c.target_id)

    def values(self) -> Record:
        return {"ci_id": ""}  # by itself, a relationship is seen from no end

    def authorize_delete(self) -> None:
        self.authorize_write()

    def create(self, values: Record) -> Record:
        """From the path's item to the target. Raises NotFound, RecordArchived."""
        self.authorize_write()
        source_id = self.within["ci_id"]
        self._require_parents_ahead()
        self.check_references(values)
        self._hold_ends(source_id, values["target_id"])
        return self.insert({"source_id": source_id, **values})

    def lock(self, record_id: str) -> Record:
        """Its ends first, as who deletes an end does. Raises RecordArchived."""
        self._enter()
        self.scope.run_ahead(HOLD_OF, {"id": record_id}, _refuse_archived)
        return super().lock(record_id)

    def _hold_ends(self, *item_ids: str) -> None:
        """Neither is archived while this goes on. Raises RecordArchived."""

        self.scope.run_ahead(HOLD, {"ids": list(item_ids)}, _refuse_archived)


def _refuse_archived(ends: Rows) -> None:
    if any(archived_at for (archived_at,) in ends):
        raise RecordArchived("An end is archived: restore it first.")


router = resource_router()
add_list(router, Relationships, OF_ITEM, "relationships.list")
add_create(router, Relationships, OF_ITEM, RelationshipCreate, "relationships.create")
add_delete(router, Relationships)
