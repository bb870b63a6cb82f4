"""How often the database is waited for, counted by the connection and on the wire."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from local.postgres import Postgres
from nexus import pg
from nexus.pg.messages import Rows
from tests.database.conftest import DATABASE, Connect, answer, options
from tests.database.wire import Wire


@pytest.fixture
def wire(server: Postgres) -> Iterator[Wire]:
    with Wire(server.port) as wire:
        yield wire


@pytest.fixture
def wired(wire: Wire, connect: Connect) -> pg.Connection:
    connection = connect(port=wire.port)
    wire.log.clear()
    return connection


def test_begin_rides_with_the_first_statement(wired: pg.Connection, wire: Wire) -> None:
    assert answer(wired, "select %s::int", 1) == ([1],)
    assert (wired.round_trips, wire.round_trips()) == (1, 1)
    assert b"".join(kind for kind, _ in wire.client_messages()) == b"PBDEPBDES"


def test_each_further_statement_waits_once(wired: pg.Connection, wire: Wire) -> None:
    for number in range(3):
        answer(wired, "select %s::int", number)
    assert (wired.round_trips, wire.round_trips()) == (3, 3)


def test_a_statement_without_parameters_waits_once(wired: pg.Connection, wire: Wire) -> None:
    answer(wired, "select 1")
    answer(wired, "select 1; select 2")
    assert (wired.round_trips, wire.round_trips()) == (2, 2)


def test_a_first_script_takes_its_begin_along(wired: pg.Connection, wire: Wire) -> None:
    answer(wired, "select 1; select 2")
    assert (wired.round_trips, wire.round_trips()) == (1, 1)
    assert answer(wired, "select now() = statement_timestamp()") == ([False],)


def test_commit_waits_once(wired: pg.Connection, wire: Wire) -> None:
    answer(wired, "select 1")
    wired.commit()
    assert (wired.round_trips, wire.round_trips()) == (2, 2)


def test_commit_of_nothing_waits_for_nothing(wired: pg.Connection, wire: Wire) -> None:
    wired.commit()
    wired.rollback()
    assert (wired.round_trips, wire.log) == (0, [])


def test_rollback_waits_for_nothing(wired: pg.Connection) -> None:
    answer(wired, "select 1")
    wired.rollback()
    wired.rollback()
    assert wired.round_trips == 1
    for number in range(100):
        assert answer(wired, "select %s::int", number) == ([number],)


def test_only_unnamed_statements_are_sent(wired: pg.Connection, wire: Wire) -> None:
    answer(wired, "select %s::int", 1)
    wired.cursor().executemany("select %s::int", [(1,), (2,)])
    wired.commit()
    names = [body.split(b"\0")[0] for kind, body in wire.client_messages() if kind == b"P"]
    assert len(names) == 5
    assert set(names) == {b""}


def test_many_sets_share_a_wait(wired: pg.Connection, wire: Wire) -> None:
    answer(wired, "create temp table t (id int)")
    wired.cursor().executemany("insert into t values (%s)", [(i,) for i in range(50)])
    assert (wired.round_trips, wire.round_trips()) == (2, 2)


def test_a_pipeline_waits_once_and_tells_its_answers_apart(
    wired: pg.Connection, wire: Wire
) -> None:
    statements: list[tuple[str, list[Any]]] = [
        ("select generate_series(1, %s)", [3]),
        ("select 'a' where false", []),
        ("create temp table t (id int)", []),
        ("insert into t values (%s), (%s) returning id", [4, 5]),
    ]
    answers = wired.pipeline(statements)
    assert [item.rows for item in answers] == [[[1], [2], [3]], [], None, [[4], [5]]]
    assert [item.row_count for item in answers] == [3, 0, -1, 2]
    assert (wired.round_trips, wire.round_trips()) == (1, 1)


def test_an_error_in_a_pipeline_skips_the_rest(ours: pg.Connection) -> None:
    answer(ours, "create temp table t (id int)")
    ours.commit()
    insert: tuple[str, list[Any]] = ("insert into t values (1)", [])
    with pytest.raises(pg.DataError):
        ours.pipeline([insert, ("select 1 / %s", [0]), insert])
    ours.rollback()
    assert answer(ours, "select count(*) from t") == ([0],)


def test_what_goes_ahead_shares_the_next_statements_wait(wired: pg.Connection, wire: Wire) -> None:
    seen: list[Any] = []
    wired.send_ahead("select set_config('nexus.user_id', $1, true), 1", ["me"], seen.append)
    assert wire.log == []
    assert answer(wired, "select current_setting('nexus.user_id') || %s", "!") == (["me!"],)
    assert seen == [[["me", 1]]]
    assert (wired.round_trips, wire.round_trips()) == (1, 1)


def test_what_goes_ahead_may_refuse_before_the_next_answer(ours: pg.Connection) -> None:
    def refuse(rows: Rows) -> None:
        assert rows == [[1]]
        raise PermissionError

    for next_statement in ("select 2", "select 1 / 0"):
        ours.send_ahead("select $1::int", [1], refuse)
        with pytest.raises(PermissionError):
            answer(ours, next_statement)
        ours.rollback()
    assert answer(ours, "select 3") == ([3],)


def test_what_failed_ahead_has_no_answer_to_give(ours: pg.Connection) -> None:
    seen: list[Rows] = []
    sql = "select 1 / ($1 - i) from generate_series(1, 3) i"
    ours.send_ahead(sql, [2], seen.append)
    with pytest.raises(pg.DataError):
        answer(ours, "select 1")
    assert seen == []


def test_what_goes_ahead_is_forgotten_by_rollback(ours: pg.Connection) -> None:
    seen: list[Rows] = []
    ours.send_ahead("select $1::int", [1], seen.append)
    ours.rollback()
    assert answer(ours, "select 3") == ([3],)
    assert seen == []


def test_commit_later_is_not_waited_for_and_keeps_what_was_written(
    wired: pg.Connection, observer: Any
) -> None:
    observer.run("create table touched (id int)")
    answer(wired, "insert into touched values (%s) returning id", 1)
    wired.commit_later()
    assert wired.round_trips == 1
    wired.close()
    assert observer.run("select id from touched") == [[1]]
    observer.run("drop table touched")


def test_a_refused_commit_later_disturbs_nobody(ours: pg.Connection) -> None:
    answer(ours, "create temp table d (id int unique deferrable initially deferred)")
    ours.commit()
    answer(ours, "insert into d values (1), (1)")
    ours.commit_later()
    assert answer(ours, "select count(*) from d") == ([0],)


def test_a_read_through_sqlalchemy_waits_once_per_statement(engine: Engine) -> None:
    with engine.connect() as connection:
        driver = pg.driver(connection)
        assert driver.round_trips == 0  # connecting asks nothing beyond the sign-in
        connection.execute(sa.select(sa.literal("x")))
        connection.execute(sa.select(sa.literal(1)))
    with engine.connect() as connection:
        assert pg.driver(connection) is driver
        connection.execute(sa.select(sa.literal(2)))
        connection.commit()
    assert driver.round_trips == 4


def test_a_flush_leaves_at_once(server: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[socket.socket] = []
    create = socket.create_connection

    def create_connection(*args: Any) -> socket.socket:
        made.append(create(*args))
        return made[-1]

    monkeypatch.setattr(socket, "create_connection", create_connection)
    connection = pg.connect(**options(server.url(DATABASE)))
    assert [sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0 for sock in made] == [True]
    connection.close()
