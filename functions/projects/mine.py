"""The caller's projects and issues."""

from fastapi import Request
from starlette.responses import Response

from nexus.access.scope import Scope
from nexus.http import openapi, responses
from nexus.http.auth import Caller
from nexus.http.routes import add_list, params_of
from nexus.http.routing import resource_router
from nexus.problems import Conflict, NotFound, ReferenceArchived
from nexus.records.schemas import Body, Id
from projects.issues.service import Issues
from projects.projects import ProjectRead, Projects
from system.commands import select_project
from system.reads import default_project_id

CURRENT_PROJECT, MY_ISSUES = "/me/current-project", "/me/issues"


class ProjectSelection(Body):
    project_id: Id


class NoProjectSelected(Conflict):
    """No project is selected."""

    def __init__(self) -> None:
        super().__init__("Select one with POST /me/current-project.")


def current_project_id(scope: Scope) -> str | None:
    """The session's, else the preferred one."""
    scope.require_tenant()
    return scope.identity.project_id or default_project_id(scope)


router = resource_router()
add_list(router, Projects, "/me/projects", "list_projects")


@router.get(
    CURRENT_PROJECT,
    **openapi.operation(CURRENT_PROJECT, "get_current_project", ProjectRead, Projects),
)
async def get_current_project(request: Request, scope: Caller) -> Response:
    project_id = current_project_id(scope)
    try:
        found = Projects(scope).get(project_id or "", params_of(request))
    except NotFound:
        raise NotFound("No project is selected.") from None
    return responses.record(request, found, is_of_id=True)


@router.post(CURRENT_PROJECT, **openapi.operation(CURRENT_PROJECT, "select_project", ProjectRead))
async def select_current_project(
    request: Request, scope: Caller, body: ProjectSelection
) -> Response:
    project = Projects(scope).find(body.project_id)
    if project["archived_at"]:
        raise ReferenceArchived("project_id")
    select_project(scope, body.project_id)
    scope.answer_tenant_id = scope.tenant_id
    return responses.record(request, project)


@router.get(MY_ISSUES, **openapi.listed(MY_ISSUES, Issues, "list_issues"))
async def list_my_issues(request: Request, scope: Caller) -> Response:
    project_id = current_project_id(scope)
    if project_id is None:
        raise NoProjectSelected
    try:
        found = Issues(scope, {"project_id": project_id}).list(params_of(request))
    except NotFound:  # the preferred one is another tenant's
        raise NoProjectSelected from None
    return responses.page(request, found)
