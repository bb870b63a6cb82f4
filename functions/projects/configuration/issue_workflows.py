"""Workflows: statuses, and the transitions between them."""

from nexus.http.routes import crud_router
from nexus.records.crud import CatalogService
from nexus.records.schemas import Body, Description, Name, TenantRead, unset
from projects.tables import issue_workflows


class IssueWorkflowRead(TenantRead):
    name: str
    description: str | None


class IssueWorkflowCreate(Body):
    name: Name
    description: Description | None = None


class IssueWorkflowUpdate(Body):
    name: Name = unset()
    description: Description | None = unset()


class IssueWorkflows(CatalogService):
    table = issue_workflows
    read = IssueWorkflowRead
    path = "/issue-workflows/{issue_workflow_id}"


router = crud_router(IssueWorkflows, IssueWorkflowCreate, IssueWorkflowUpdate)
