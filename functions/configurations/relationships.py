"""Relationships between configuration items, seen from either end."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import Request
from pydantic import Field, StringConstraints
from sqlalchemy import ColumnElement, case, or_
from starlette.responses import Response

from configurations.configuration_items import ITEM, ConfigurationItems
from configurations.reads import CONFIGURATION_ITEM
from configurations.tables import relationships
from nexus.access.scope import Scope
from nexus.http import openapi, responses
from nexus.http.auth import Caller
from nexus.http.routes import add_delete, id_in
from nexus.http.routing import resource_router
from nexus.problems import Conflict, RecordArchived
from nexus.records.crud import CrudService
from nexus.records.query import Page, Params
from nexus.records.reading import Record
from nexus.records.schemas import Body, Id, TenantRead

OF_ITEM, RELATIONSHIP = f"{ITEM}/relationships", "/relationships/{relationship_id}"

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
    """Those of one item, as they look from it."""

    table = relationships
    read = RelationshipRead
    references = {"source_id": CONFIGURATION_ITEM, "target_id": CONFIGURATION_ITEM}

    def __init__(self, scope: Scope, item_id: str = "") -> None:
        super().__init__(scope)
        self.item_id = item_id

    def computed(self) -> Mapping[str, ColumnElement[Any]]:
        is_outgoing = self.table.c.source_id == self.item_id
        return {"direction": case((is_outgoing, "outgoing"), else_="incoming")}

    def authorize_delete(self) -> None:
        self.authorize_write()

    def of_item(self, params: Params) -> Page:
        ConfigurationItems(self.scope).find(self.item_id)
        c = self.table.c
        return self.list(params, or_(c.source_id == self.item_id, c.target_id == self.item_id))

    def relate(self, values: Record) -> Record:
        self.authorize_write()
        item = ConfigurationItems(self.scope).find(self.item_id)
        self.check_references(values)
        if item["archived_at"]:
            raise RecordArchived
        ends = {"tenant_id": self.scope.tenant_id, "source_id": self.item_id}
        return self.insert({**ends, **values})


router = resource_router()
add_delete(router, Relationships, RELATIONSHIP)


@router.get(OF_ITEM, **openapi.listed(OF_ITEM, Relationships, "relationships.list"))
async def list_relationships(request: Request, scope: Caller) -> Response:
    seen = Relationships(scope, id_in(request, "ci_id"))
    return responses.page(request, seen.of_item(request.query_params.multi_items()))


@router.post(
    OF_ITEM,
    status_code=201,
    **openapi.operation(OF_ITEM, "relationships.create", RelationshipRead),
)
async def relate_items(request: Request, scope: Caller, body: RelationshipCreate) -> Response:
    seen = Relationships(scope, id_in(request, "ci_id"))
    record = seen.relate(body.model_dump())
    place = f"/configuration-items/{seen.item_id}/relationships?id={record['id']}"
    return responses.record(request, record, 201, place)
