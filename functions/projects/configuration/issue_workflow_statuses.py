"""Workflow statuses: which statuses a workflow has, and where it begins."""

from pydantic import Field

from nexus.db.statements import Sql
from nexus.http.routes import crud_router
from nexus.problems import Conflict, InUse, TooMany
from nexus.records.reading import Record
from nexus.records.schemas import Body, Id, TenantRead, unset
from projects.configuration.positions import Position, PositionedParts
from projects.reads import ISSUE_STATUS, ISSUE_WORKFLOW
from projects.tables import issue_workflow_statuses, issue_workflows

HELD_BY = Sql(
    "SELECT resource, count FROM nexus.held_by_workflow_status($1, $2)",
    ("workflow_id", "status_id"),
)


class IssueWorkflowStatusRead(TenantRead):
    workflow_id: str
    status_id: str
    is_initial: bool = Field(description="Where new issues begin; one of each workflow is")
    position: int


class IssueWorkflowStatusCreate(Body):
    """A workflow's first status is initial, whatever it says."""

    workflow_id: Id
    status_id: Id
    is_initial: bool = False
    position: Position | None = None


class IssueWorkflowStatusUpdate(Body):
    is_initial: bool = unset()
    position: Position = unset()


class InitialStatus(Conflict):
    """Where a workflow begins moves when another status is marked; it is not taken away."""

    constraints = ("ck_issue_workflow_statuses_initial",)


class StatusInUse(InUse):
    """Issues are in this status, or transitions lead there or from there."""

    constraints = ("ck_issue_workflow_statuses_used",)


class TooManyWorkflowStatuses(TooMany):
    constraints = ("ck_issue_workflow_statuses_per_workflow",)
    limit = 100
    told = "A workflow has up to {limit} statuses: remove one that is not needed."


class IssueWorkflowStatuses(PositionedParts):
    table = issue_workflow_statuses
    read = IssueWorkflowStatusRead
    path = "/issue-workflow-statuses/{issue_workflow_status_id}"
    references = {"workflow_id": ISSUE_WORKFLOW, "status_id": ISSUE_STATUS}
    whole, whole_id = issue_workflows, "workflow_id"

    def write(self, record: Record, values: Record) -> Record:
        if values.get("is_initial") is False:
            raise InitialStatus
        return super().write(record, values)

    def remove(self, record: Record) -> None:
        self.scope.run_ahead(HELD_BY, record, self._refuse_held)
        super().remove(record)


router = crud_router(IssueWorkflowStatuses, IssueWorkflowStatusCreate, IssueWorkflowStatusUpdate)
