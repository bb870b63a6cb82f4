"""A connection that prepares: each statement is parsed once, whatever becomes of another."""

from typing import Any

import pytest

from nexus import pg
from tests.database.conftest import Connect
from tests.database.conftest import answer as rows

PREPARED = "select count(*) from pg_prepared_statements where statement like 'select $1%'"
ASKED = "select %s::int + 1"


def answer(connection: pg.Connection, sql: str, *args: Any) -> Any:
    ((value,),) = rows(connection, sql, *args)
    return value


@pytest.fixture
def preparing(connect: Connect) -> pg.Connection:
    connection = connect()
    connection.prepares = True
    return connection


def test_a_statement_is_parsed_once_and_answers_each_time(preparing: pg.Connection) -> None:
    assert [answer(preparing, ASKED, n) for n in range(20)] == list(range(1, 21))
    assert answer(preparing, PREPARED) == 1
    preparing.commit()
    assert answer(preparing, ASKED, 7) == 8
    assert answer(preparing, PREPARED) == 1


def test_others_leave_nothing_behind(ours: pg.Connection) -> None:
    assert answer(ours, ASKED, 1) == 2
    assert answer(ours, PREPARED) == 0


def test_what_an_error_kept_from_being_parsed_is_parsed_anew(preparing: pg.Connection) -> None:
    asked = [("select %s::int + 2", (1,)), ("select 1 / %s::int", (0,)), (ASKED, (1,))]
    with pytest.raises(pg.DataError):
        preparing.pipeline(asked)
    preparing.rollback()
    assert answer(preparing, ASKED, 1) == 2
    assert answer(preparing, "select 1 / %s::int", 1) == 1


def test_what_was_never_sent_is_parsed_later(preparing: pg.Connection) -> None:
    answer(preparing, "select 1")
    preparing.send_ahead("select $1::int + 1", [1], lambda _: None)
    preparing.rollback()
    assert answer(preparing, ASKED, 5) == 6
