"""Types: what kind of issue, which workflow it takes, what is asked for when it is opened."""

from typing import Literal

from pydantic import Field

from nexus.http.routes import crud_router
from nexus.problems import Conflict
from nexus.records.crud import CatalogService
from nexus.records.reading import Record
from nexus.records.schemas import Body, Description, Id, Name, TenantRead, unset
from projects.configuration.keys import IssueKey, with_key
from projects.reads import ISSUE_SCREEN, ISSUE_WORKFLOW
from projects.tables import issue_types

Kind = Literal[
    "service_request", "known_problem", "incident", "post_incident_analysis", "change", "repair"
]


class IssueTypeRead(TenantRead):
    name: str
    key: str
    kind: Kind
    workflow_id: str
    screen_id: str | None = Field(description="The fields asked for at the creation of an issue")
    description: str | None


class IssueTypeCreate(Body):
    name: Name
    key: IssueKey | None = None
    kind: Kind
    workflow_id: Id
    screen_id: Id | None = None
    description: Description | None = None


class IssueTypeUpdate(Body):
    name: Name = unset()
    key: IssueKey = unset()
    kind: Kind = unset()
    workflow_id: Id = unset()
    screen_id: Id | None = unset()
    description: Description | None = unset()


class KindInUse(Conflict):
    """Issues are of this type: make another one of the other kind."""

    constraints = ("ck_issue_types_kind_kept",)


class StatusesMissing(Conflict):
    """Issues of this type are in statuses that the other workflow lacks: add those there first."""

    constraints = ("ck_issue_types_workflow_kept",)


class IssueTypes(CatalogService):
    table = issue_types
    read = IssueTypeRead
    path = "/issue-types/{issue_type_id}"
    references = {"workflow_id": ISSUE_WORKFLOW, "screen_id": ISSUE_SCREEN}

    def create(self, values: Record) -> Record:
        return super().create(with_key(values))


router = crud_router(IssueTypes, IssueTypeCreate, IssueTypeUpdate)
