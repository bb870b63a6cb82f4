"""Relationships between configuration items, seen from either end."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from configurations.reads import CONFIGURATION_ITEM
from configurations.tables import configuration_items, relationships
from nexus.http.routes import add_create, add_delete, add_list
from nexus.http.routing import resource_router
from nexus.problems import Conflict
from nexus.records.joints import JointService
from nexus.records.resources import Parent
from nexus.records.schemas import Body, Id, TenantRead

OF_ITEM = "/configuration-items/{ci_id}/relationships"

RelationshipType = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$", max_length=50),
    Field(
        description="depends_on, runs_on, connects_to, contains, or a slug of your own. Whatever it"
        " is, the source stands on the target: what is contained names its container as the target",
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


class Relationships(JointService):
    table = relationships
    read = RelationshipRead
    path = "/relationships/{relationship_id}"
    location = "/configuration-items/{ci_id}/relationships?id={relationship_id}"
    references = {"source_id": CONFIGURATION_ITEM, "target_id": CONFIGURATION_ITEM}
    parents = {"ci_id": Parent(CONFIGURATION_ITEM, ("source_id", "target_id"))}
    ends, end, directions = configuration_items, "ci_id", ("outgoing", "incoming")


router = resource_router()
add_list(router, Relationships, OF_ITEM, "relationships.list")
add_create(router, Relationships, OF_ITEM, RelationshipCreate, "relationships.create")
add_delete(router, Relationships)
