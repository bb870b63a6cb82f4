"""Workflow transitions: the steps that a workflow allows, and what they ask for."""

from pydantic import Field

from nexus.http.routes import crud_router
from nexus.problems import TooMany, ValidationFailed, error
from nexus.records.parts import CatalogPartService
from nexus.records.schemas import Body, Id, Name, TenantRead, unset
from projects.reads import ISSUE_SCREEN, ISSUE_STATUS, ISSUE_WORKFLOW
from projects.tables import issue_workflow_transitions, issue_workflows

NOT_OF_WORKFLOW = "is not a status of the workflow: add it there first"


class IssueWorkflowTransitionRead(TenantRead):
    workflow_id: str
    name: str
    from_status_id: str | None = Field(description="Null: from any but its own target")
    to_status_id: str
    screen_id: str | None = Field(description="The fields that come with it")
    requires_comment: bool


class IssueWorkflowTransitionCreate(Body):
    workflow_id: Id
    name: Name
    to_status_id: Id
    from_status_id: Id | None = None
    screen_id: Id | None = None
    requires_comment: bool = False


class IssueWorkflowTransitionUpdate(Body):
    name: Name = unset()
    from_status_id: Id | None = unset()
    to_status_id: Id = unset()
    screen_id: Id | None = unset()
    requires_comment: bool = unset()


class FromOutsideWorkflow(ValidationFailed):
    """A transition leaves a status of its workflow."""

    constraints = ("fk_issue_workflow_transitions_from",)

    def __init__(self) -> None:
        super().__init__(error("from_status_id", NOT_OF_WORKFLOW))


class OutOfWorkflow(ValidationFailed):
    """A transition leads to a status of its workflow."""

    constraints = ("fk_issue_workflow_transitions_to",)

    def __init__(self) -> None:
        super().__init__(error("to_status_id", NOT_OF_WORKFLOW))


class LeadsNowhere(ValidationFailed):
    """A transition leads to another status than it leaves."""

    constraints = ("ck_issue_workflow_transitions_ends",)

    def __init__(self) -> None:
        super().__init__(error("to_status_id", "is where it comes from"))


class TooManyTransitions(TooMany):
    constraints = ("ck_issue_workflow_transitions_per_workflow",)
    limit = 500
    told = "A workflow has up to {limit} transitions: remove one that is not needed."


class IssueWorkflowTransitions(CatalogPartService):
    table = issue_workflow_transitions
    read = IssueWorkflowTransitionRead
    path = "/issue-workflow-transitions/{issue_workflow_transition_id}"
    references = {
        "workflow_id": ISSUE_WORKFLOW,
        "from_status_id": ISSUE_STATUS,
        "to_status_id": ISSUE_STATUS,
        "screen_id": ISSUE_SCREEN,
    }
    whole, whole_id = issue_workflows, "workflow_id"


router = crud_router(
    IssueWorkflowTransitions, IssueWorkflowTransitionCreate, IssueWorkflowTransitionUpdate
)
