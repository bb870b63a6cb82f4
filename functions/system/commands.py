"""What other modules may have done here, in the caller's transaction."""

from nexus.access.scope import Scope
from nexus.db.statements import Sql

SELECT_PROJECT = Sql(
    "UPDATE sessions SET tenant_id = $1, project_id = $2 WHERE id = $3"
    " AND (tenant_id, project_id) IS DISTINCT FROM ($1, $2)",
    ("tenant_id", "project_id", "id"),
)


def select_project(scope: Scope, project_id: str) -> None:
    """Make it the session's current project, and the request's tenant the session's: a project is
    selected in a tenant."""
    chosen = {"tenant_id": scope.tenant_id, "project_id": project_id, "id": scope.session_id}
    scope.run(SELECT_PROJECT, chosen)
