"""State machines as data: services, documents and tests read the same object."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nexus.problems import Conflict
from nexus.records.crud import NOW
from nexus.records.reading import Record


class WrongMove(Conflict):
    """The record's state does not allow this."""

    def __init__(self, state: str, allowed: list[str]) -> None:
        open_moves = ", ".join(allowed) or "nothing"
        super().__init__(
            f"It is {state}; open from there: {open_moves}.", state=state, allowed=allowed
        )


@dataclass(frozen=True)
class Move:
    """From one of `sources` to `target`; `stamp` is the timestamp that it sets, `clears` are the
    columns that it empties. A repeatable one done twice changes nothing."""

    sources: tuple[str, ...]
    target: str
    stamp: str = ""
    clears: tuple[str, ...] = ()
    is_repeatable: bool = False


@dataclass(frozen=True)
class Machine:
    """The moves of a resource by their names, which are the actions of its paths."""

    moves: Mapping[str, Move]
    column: str = "status"

    def take(self, name: str, record: Record) -> Record:
        """What a move writes to a locked record; nothing where it was made already. Raises
        WrongMove."""
        move, state = self.moves[name], record[self.column]
        if move.is_repeatable and state == move.target:
            return {}
        if state not in move.sources:
            raise WrongMove(state, self.allowed(state))
        values: dict[str, Any] = {self.column: move.target, **dict.fromkeys(move.clears)}
        return {**values, move.stamp: NOW} if move.stamp else values

    def allowed(self, state: str) -> list[str]:
        """The moves that would change a record in this state."""
        return sorted(name for name, move in self.moves.items() if state in move.sources)
