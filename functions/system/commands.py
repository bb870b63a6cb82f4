"""What other modules may have done here, in the caller's transaction."""

from sqlalchemy import or_, update

from nexus.access.scope import Scope
from system.tables import sessions


def select_project(scope: Scope, project_id: str) -> None:
    """Make it the session's current project, and the request's tenant the session's: a project is
    selected in a tenant."""
    chosen = {"tenant_id": scope.tenant_id, "project_id": project_id}
    is_other = or_(*(sessions.c[name].is_distinct_from(value) for name, value in chosen.items()))
    own = update(sessions).where(sessions.c.id == scope.session_id, is_other)
    scope.execute(own.values(chosen))
