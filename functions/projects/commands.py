"""What other modules may have done here, in the caller's transaction."""

from collections.abc import Callable
from typing import Any

from nexus.access.scope import Scope
from nexus.db.statements import Sql
from projects.issues.schemas import IssueCreate, IssueUpdate
from projects.issues.service import Issues

HOLD = Sql(
    "SELECT archived_at IS NOT NULL FROM issues"
    " WHERE tenant_id = nexus.tenant_id() AND id = $1 FOR NO KEY UPDATE",
    ("id",),
)


def open_issue(scope: Scope, **given: Any) -> dict[str, Any]:
    """A new issue, as POST /issues makes it of the same members; `issue_type` is a type's key.
    Raises what that raises."""
    return Issues(scope).create(IssueCreate(**given).model_dump())


def hold_issue(scope: Scope, issue_id: str, then: Callable[[bool], object]) -> None:
    """Have an issue held from the next flush on: what is read then nobody changes meanwhile.
    `then` is told whether it is archived, if it is there."""
    scope.run_ahead(HOLD, {"id": issue_id}, lambda rows: rows and then(rows[0][0]))


def update_issue(scope: Scope, issue_id: str, **changes: Any) -> dict[str, Any]:
    """Change an issue, as PATCH /issues/{issue_id} does, whatever version of another record
    If-Match asks for. Raises what that raises."""
    given = IssueUpdate(**changes).model_dump(exclude_unset=True)
    scope.if_match, asked = None, scope.if_match
    try:
        return Issues(scope).update(issue_id, given)
    finally:
        scope.if_match = asked
