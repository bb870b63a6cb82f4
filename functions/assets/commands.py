"""What other modules may have done here, in the caller's transaction."""

from collections.abc import Sequence

from assets.custody import statements
from assets.custody.assignments import Assignments
from nexus.access.scope import Scope


def assignments_past_end(scope: Scope, after: str, size: int) -> Sequence[str]:
    """Ids of open assignments whose planned end is over, those above `after` in order."""
    return [id_ for (id_,) in scope.run(statements.PAST_END, {"after": after, "size": size})]


def close_planned(scope: Scope, assignment_id: str) -> bool:
    """Close an assignment on the end that was planned, if that is over still; whether it was.
    Raises NotFound."""
    return Assignments(scope).close_planned(assignment_id)
