"""Links: what one issue is to another, seen from either end."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel
from sqlalchemy import ColumnElement, case, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import Text

from nexus.http.routes import add_create, add_delete, add_list
from nexus.http.routing import resource_router
from nexus.problems import Conflict
from nexus.records.joints import JointService
from nexus.records.reading import Record
from nexus.records.resources import Parent
from nexus.records.schemas import Body, Id, RecordId, TenantRead
from projects.reads import ISSUE, ISSUE_LINK_TYPE
from projects.tables import issues, links

PATH = "/issues/{issue_id}/links"


class LinkedIssue(BaseModel):
    id: RecordId
    key: str | None
    title: str
    status_id: RecordId


class LinkRead(TenantRead):
    link_type_id: str
    direction: Literal["outward", "inward"]
    wording: str
    issue: LinkedIssue


class LinkCreate(Body):
    """From the path's issue outward."""

    link_type_id: Id
    target_issue_id: Id


class SelfLink(Conflict):
    """An issue is not linked to itself."""

    constraints = ("ck_links_ends",)


class AlreadyLinked(Conflict):
    """These issues are linked in this way already, perhaps the other way round."""

    constraints = ("uq_links_ends",)


class Links(JointService):
    table = links
    read = LinkRead
    path = "/issues/{issue_id}/links/{link_id}"
    location = "/issues/{issue_id}/links?id={link_id}"
    references = {"link_type_id": ISSUE_LINK_TYPE}
    written_references = {"target_issue_id": ISSUE}
    parents = {"issue_id": Parent(ISSUE, ("source_id", "target_id"))}
    ends, end, directions = issues, "issue_id", ("outward", "inward")

    @classmethod
    def computed(cls) -> Mapping[str, ColumnElement[Any]]:
        c = links.c
        is_outward = cls.is_outgoing()
        other = case((is_outward, c.target_id), else_=c.source_id)
        return {
            **super().computed(),
            "wording": func.nexus.link_wording(c.link_type_id, is_outward, type_=Text),
            "issue": func.nexus.linked_issue(other, type_=JSONB),
        }

    def create(self, values: Record) -> Record:
        target_id = values.pop("target_issue_id")
        return super().create({**values, "target_id": target_id})

    def check_references(self, values: Mapping[str, Any]) -> None:
        """The target by the name that it has in the body."""
        named = {**values, "target_issue_id": values["target_id"]}
        super().check_references(named)


router = resource_router()
add_list(router, Links, PATH, "links.list")
add_create(router, Links, PATH, LinkCreate, "links.create")
add_delete(router, Links, verb="links.delete")
