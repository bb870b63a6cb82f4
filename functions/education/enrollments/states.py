"""The states of an enrollment, and the moves between them: what the service, the documents and the
tests read."""

from collections.abc import Mapping
from typing import Literal

from nexus.records.states import Machine, Move

Status = Literal["enrolled", "withdrawn", "graduated", "transferred"]

MOVES: Mapping[str, Move] = {
    "withdraw": Move(("enrolled",), "withdrawn", "withdrawn_at"),
    "graduate": Move(("enrolled",), "graduated", "graduated_at"),
    "transfer": Move(("enrolled",), "transferred", "transferred_at"),
    "reenroll": Move(("withdrawn",), "withdrawn"),  # it stays so; a new one is opened
}
MACHINE = Machine(MOVES)
