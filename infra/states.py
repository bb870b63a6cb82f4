"""The state machines as tables to read: `docs/states.md`."""

from collections.abc import Iterator, Mapping

from assets.assets.states import MACHINE, MOVES
from education.assignments.states import MACHINE as ASSIGNMENT_MACHINE
from education.employments.states import MACHINE as EMPLOYMENT_MACHINE
from education.enrollments.states import MACHINE as ENROLLMENT_MACHINE
from nexus.records.states import Machine

INTRODUCTION = """<!-- Written by `make generate` from the modules' state machines. -->
# States

What each action makes of a record, by the state that it is in; elsewhere it is refused (409) with
`state` and `allowed`. "same" is done twice and changes nothing.
"""
# By the path of a record.
MACHINES: Mapping[str, Machine] = {
    "/assets/{asset_id}": MACHINE,
    "/school-enrollments/{school_enrollment_id}": ENROLLMENT_MACHINE,
    "/school-employments/{school_employment_id}": EMPLOYMENT_MACHINE,
    "/school-employment-assignments/{assignment_id}": ASSIGNMENT_MACHINE,
}
NOTES: Mapping[str, str] = {
    "/assets/{asset_id}": "Each sets its own time, `restore` clears them all. "
    + ", ".join(f"`{name}`" for name, move in MOVES.items() if move.ends_custody)
    + " take back what is out, with an event for each who has some; what is archived stays with"
    " who has it. Only what is active is issued or assigned; what is active or retired is moved,"
    " received, confirmed and repaired.",
    "/school-enrollments/{school_enrollment_id}": "An enrollment begins as enrolled. `transfer` and"
    " `reenroll` open the next one, which names this one as `previous_id`; what was withdrawn stays"
    " so, and is reenrolled while no enrollment that follows on it is live.",
    "/school-employments/{school_employment_id}": "An employment begins as pending. `terminate` and"
    " `retire` end what is planned and active of its assignments, with its end date; what was to"
    " begin later ends without a beginning. `reactivate` hires anew: it clears the end, and the day"
    " of hire is today unless it is given.",
    "/school-employment-assignments/{assignment_id}": "An assignment begins as planned. It is"
    " started and reactivated only while its employment is hired; `reactivate` clears the end, and"
    " the start is today unless it is given.",
}


def markdown() -> str:
    return "\n".join([INTRODUCTION, *(line for path in MACHINES for line in _table(path))])


def _table(path: str) -> Iterator[str]:
    moves = MACHINES[path].moves
    states = dict.fromkeys(
        state for move in moves.values() for state in (*move.sources, move.target)
    )
    yield f"## `{path}`\n"
    yield f"{NOTES[path]}\n"
    yield f"| action | {' | '.join(states)} |"
    yield f"|---|{'---|' * len(states)}"
    for name, move in moves.items():
        cells = [
            move.target
            if state in move.sources
            else "same"
            if move.is_repeatable and state == move.target
            else ""
            for state in states
        ]
        yield f"| `{name}` | {' | '.join(cells)} |"
    yield ""
