"""The states of an asset, and the moves between them: what the service, the documents and the tests
read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from nexus.records.states import Machine, Move

Status = Literal["active", "archived", "retired", "disposed", "lost", "stolen"]
STAMPS = ("archived_at", "retired_at", "disposed_at", "lost_at", "stolen_at")


@dataclass(frozen=True)
class AssetMove(Move):
    """With `ends_custody`, all that is out is taken back by it."""

    ends_custody: bool = False


MOVES: Mapping[str, AssetMove] = {
    "archive": AssetMove(("active",), "archived", "archived_at", is_repeatable=True),
    "restore": AssetMove(
        ("archived", "retired", "lost", "stolen"), "active", clears=STAMPS, is_repeatable=True
    ),
    "retire": AssetMove(("active",), "retired", "retired_at", ends_custody=True),
    "dispose": AssetMove(("retired",), "disposed", "disposed_at"),
    "mark-lost": AssetMove(("active", "retired"), "lost", "lost_at", ends_custody=True),
    "mark-stolen": AssetMove(("active", "retired"), "stolen", "stolen_at", ends_custody=True),
}
MACHINE = Machine(MOVES)
