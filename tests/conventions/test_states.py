"""A state machine is its table: each move from each state is allowed or refused as that says."""

import pytest

from nexus.records.crud import NOW
from nexus.records.states import Machine, Move, WrongMove

MACHINE = Machine(
    {
        "archive": Move(("active",), "archived", "archived_at", is_repeatable=True),
        "retire": Move(("active", "archived"), "retired", "retired_at"),
        "restore": Move(
            ("archived", "retired"),
            "active",
            clears=("archived_at", "retired_at"),
            is_repeatable=True,
        ),
    }
)


@pytest.mark.parametrize(
    ("name", "state", "expected"),
    [
        ("archive", "active", {"status": "archived", "archived_at": NOW}),
        ("archive", "archived", {}),
        ("retire", "archived", {"status": "retired", "retired_at": NOW}),
        ("restore", "retired", {"status": "active", "archived_at": None, "retired_at": None}),
        ("restore", "active", {}),
    ],
)
def test_an_allowed_move_tells_what_it_writes(
    name: str, state: str, expected: dict[str, object]
) -> None:
    assert MACHINE.take(name, {"status": state}) == expected


@pytest.mark.parametrize(
    ("name", "state", "allowed"),
    [
        ("archive", "retired", ["restore"]),
        ("retire", "retired", ["restore"]),
        ("retire", "lost", []),
    ],
)
def test_a_wrong_move_tells_the_state_and_what_is_open(
    name: str, state: str, allowed: list[str]
) -> None:
    with pytest.raises(WrongMove) as refused:
        MACHINE.take(name, {"status": state})
    document = refused.value.document("x")
    assert (document["status"], document["state"], document["allowed"]) == (409, state, allowed)
