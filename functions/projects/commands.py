"""What other modules may have done here, in the caller's transaction."""

from typing import Any

from nexus.access.scope import Scope
from projects.issues.schemas import IssueCreate
from projects.issues.service import Issues


def open_issue(scope: Scope, **given: Any) -> dict[str, Any]:
    """A new issue, as POST /issues makes it of the same members; `issue_type` is a type's key.
    Raises what that raises."""
    return Issues(scope).create(IssueCreate(**given).model_dump())
