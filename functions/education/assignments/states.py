"""The states of an employment assignment, and the moves between them: what the service, the
documents and the tests read."""

from collections.abc import Mapping
from typing import Literal

from nexus.records.states import Machine, Move

Status = Literal["planned", "active", "ended"]

MOVES: Mapping[str, Move] = {
    "start": Move(("planned",), "active", "started_at"),
    "end": Move(("planned", "active"), "ended", "ended_at"),
    "reactivate": Move(("ended",), "active", "started_at", clears=("end_date", "ended_at")),
}
MACHINE = Machine(MOVES)
