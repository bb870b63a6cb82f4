"""The states of an employment, and the moves between them: what the service, the documents and the
tests read."""

from collections.abc import Mapping
from typing import Literal

from nexus.records.states import Machine, Move

Status = Literal["pending", "hired", "terminated", "retired"]
ENDED = ("end_date", "end_reason", "terminated_at", "retired_at")

MOVES: Mapping[str, Move] = {
    "hire": Move(("pending",), "hired", "hired_at"),
    "terminate": Move(("hired",), "terminated", "terminated_at"),
    "retire": Move(("hired",), "retired", "retired_at"),
    "reactivate": Move(("terminated", "retired"), "hired", "hired_at", clears=ENDED),
}
MACHINE = Machine(MOVES)
