"""Text that cannot be encoded is refused before the first byte, and the next answers are right."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from nexus import pg
from tests.database.conftest import answer

SURROGATE, NUL = "\ud800", "a\0b"
WAYS: dict[str, Callable[[pg.Connection, str], object]] = {
    "text": lambda c, bad: answer(c, "select %s", bad),
    "the last of several": lambda c, bad: answer(c, "select %s::int, %s", 1, bad),
    "an array": lambda c, bad: answer(c, "select %s::text[]", ["fine", bad]),
    "the statement": lambda c, bad: answer(c, f"select '{bad}', %s::int", 1),
    "a statement without parameters": lambda c, bad: answer(c, f"select '{bad}'"),
    "a script": lambda c, bad: answer(c, f"select 1; select '{bad}'"),
    "the third of many sets": lambda c, bad: c.cursor().executemany(
        "select %s", [("a",), ("b",), (bad,)]
    ),
    "a pipeline's second": lambda c, bad: c.pipeline([("select 1", []), ("select %s", [bad])]),
    "ahead": lambda c, bad: c.send_ahead("select $1", [bad], print),
}


@pytest.mark.parametrize("bad", [SURROGATE, NUL])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("has_begun", [False, True])
def test_the_hundred_answers_after_bad_text_are_right(
    way: str, bad: str, has_begun: bool, ours: pg.Connection
) -> None:
    if has_begun:
        ours.cursor().execute("create temp table kept (id int)")
    waits = ours.round_trips
    with pytest.raises(pg.UnencodableText):
        WAYS[way](ours, bad)
    assert ours.round_trips == waits
    for number in range(100):
        assert answer(ours, "select %s::int, %s::text", number, f"n{number}") == (
            [number, f"n{number}"],
        )
    if has_begun:
        assert answer(ours, "select count(*) from kept") == ([0],)


def test_a_surrogate_in_json_is_bad_text_too(ours: pg.Connection) -> None:
    with pytest.raises(pg.UnencodableText):
        answer(ours, "select %s::jsonb", {"deep": [{"name": SURROGATE}]})
    assert answer(ours, "select %s::jsonb", {"name": "é"}) == ([{"name": "é"}],)


def test_a_nul_in_json_is_bad_text_too(ours: pg.Connection) -> None:
    """Only the server knows: json takes it and jsonb does not."""
    with pytest.raises(pg.UnencodableText):
        answer(ours, "select %s::jsonb", {"name": NUL})
    ours.rollback()
    assert answer(ours, "select 1") == ([1],)


@pytest.mark.parametrize(
    "statement",
    [
        sa.select(sa.literal(SURROGATE)),
        sa.select(sa.literal(NUL)),
        sa.select(sa.literal({"a": SURROGATE}, sa.JSON())),
        sa.select(sa.literal([SURROGATE], sa.ARRAY(sa.String()))),
    ],
)
def test_sqlalchemy_says_data_error_and_goes_on(statement: sa.Select[Any], engine: Engine) -> None:
    with engine.connect() as connection:
        with pytest.raises(sa.exc.DataError) as refused:
            connection.execute(statement)
        assert isinstance(refused.value.orig, pg.UnencodableText)
        assert not refused.value.connection_invalidated
        for number in range(100):
            assert connection.scalar(sa.select(sa.literal(number))) == number
