"""What other modules may have done here, in the caller's transaction."""

from collections.abc import Sequence

from education.assignments.service import PAST_END, EmploymentAssignments
from education.school_years import SchoolYears
from nexus.access.scope import Scope


def assignments_past_end(scope: Scope, after: str, size: int) -> Sequence[str]:
    """Ids of employment assignments that have not ended though their end is over, those above
    `after` in order."""
    return [id_ for (id_,) in scope.run(PAST_END, {"after": after, "size": size})]


def end_planned(scope: Scope, assignment_id: str) -> bool:
    """End an employment assignment on the day that was planned, if that is over still; whether it
    was. Raises NotFound."""
    return EmploymentAssignments(scope).end_planned(assignment_id)


def year_to_roll_to(scope: Scope) -> str | None:
    """The id of the school year that holds today where another one, or none, is current."""
    return SchoolYears(scope).to_roll_to()


def roll_school_year(scope: Scope, year_id: str) -> bool:
    """Make the year current that holds today; whether that moved the mark."""
    return SchoolYears(scope).roll(year_id)
