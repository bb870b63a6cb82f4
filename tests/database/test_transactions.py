"""Every statement runs in a transaction, and nobody is told a commit that did not happen."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from nexus import pg
from tests.database.conftest import answer, patience

XACT = "select pg_current_xact_id()::text"
DEFERRED = "create temp table d (id int constraint once unique deferrable initially deferred)"


def test_autocommit_is_refused_by_the_connection(ours: pg.Connection) -> None:
    with pytest.raises(pg.NotSupportedError):
        ours.autocommit = True
    assert ours.autocommit is False


def test_autocommit_is_refused_by_the_engine(engine: Engine) -> None:
    with pytest.raises(sa.exc.ArgumentError), engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
    with pytest.raises(sa.exc.ArgumentError):
        engine.execution_options(isolation_level="AUTOCOMMIT").connect()


def test_autocommit_is_refused_for_an_engine_made_elsewhere(url: str) -> None:
    at = sa.make_url(url).set(drivername="postgresql+nexus")
    connect_args = {"ssl_context": False, "time_left": patience}
    engine = sa.create_engine(at, isolation_level="AUTOCOMMIT", connect_args=connect_args)
    with pytest.raises(sa.exc.ArgumentError):
        engine.connect()


@pytest.mark.parametrize("first", ["select 1", "select 1; select 2", "do $$ begin end $$"])
def test_statements_share_a_transaction_until_it_ends(first: str, ours: pg.Connection) -> None:
    ours.cursor().execute(first)
    begun = [answer(ours, XACT), answer(ours, XACT), ours.pipeline([(XACT, [])])[0].rows]
    assert begun[0] == begun[1] == tuple(begun[2])
    ours.rollback()
    assert answer(ours, XACT) != begun[0]


def test_other_ways_into_pg8000_open_a_transaction_too(ours: pg.Connection) -> None:
    ways: list[Callable[[], object]] = [
        lambda: ours.execute_simple("create temp table t ()"),
        lambda: ours.execute_unnamed("create temp table t ()"),
        lambda: ours.cursor().callproc("create_t"),
    ]
    create = "create procedure create_t() language sql as 'create temp table t ()'"
    ours.cursor().execute(create)
    ours.commit()
    for way in ways:
        way()
        ours.rollback()
        assert answer(ours, "select to_regclass('t')") == ([None],)
        ours.rollback()
    ours.cursor().execute("drop procedure create_t")
    ours.commit()


def test_a_commit_that_fails_raises(ours: pg.Connection) -> None:
    answer(ours, "select 1")
    ours.cursor().execute(DEFERRED)
    ours.cursor().execute("insert into d values (1), (1)")
    with pytest.raises(pg.IntegrityError) as refused:
        ours.commit()
    assert refused.value.constraint == "once"
    assert answer(ours, "select to_regclass('d')") == ([None],)


def test_commit_of_a_failed_transaction_raises(ours: pg.Connection) -> None:
    with pytest.raises(pg.DataError):
        answer(ours, "select 1 / 0")
    with pytest.raises(pg.InternalError) as refused:
        ours.commit()
    assert refused.value.sqlstate == "25P02"
    assert answer(ours, "select 1") == ([1],)


def test_a_failed_first_statement_leaves_a_transaction_to_roll_back(ours: pg.Connection) -> None:
    for broken in ("select 1 / %s", "selec %s"):
        with pytest.raises(pg.DatabaseError):
            answer(ours, broken, 0)
        with pytest.raises(pg.InternalError):
            answer(ours, "select 1")
        ours.rollback()
        assert answer(ours, "select 2") == ([2],)
        ours.rollback()


def test_rollback_undoes_before_the_next_statement(ours: pg.Connection, observer: Any) -> None:
    observer.run("create table undone (id int)")
    for number in range(20):
        answer(ours, "insert into undone values (%s) returning id", number)
        ours.rollback()
    assert answer(ours, "select count(*) from undone") == ([0],)
    ours.rollback()
    ours.close()
    observer.run("drop table undone")


def test_closing_ends_what_was_begun(ours: pg.Connection, observer: Any) -> None:
    [[pid]] = answer(ours, "select pg_backend_pid()")
    ours.close()
    ours.close()
    sql = "select pg_terminate_backend(pid, 5000) from pg_stat_activity where pid = :pid"
    assert observer.run(sql, pid=pid) in ([], [[True]])
    with pytest.raises(pg.Disconnected):
        answer(ours, "select 1")


def test_savepoints_work_through_sqlalchemy(engine: Engine) -> None:
    insert = sa.text("insert into s values (:id)")
    with engine.connect() as connection:
        connection.execute(sa.text("create temp table s (id int primary key) on commit drop"))
        connection.execute(insert, {"id": 1})
        with pytest.raises(sa.exc.IntegrityError), connection.begin_nested():
            connection.execute(insert, {"id": 1})
        with connection.begin_nested():
            connection.execute(insert, {"id": 2})
        assert connection.scalars(sa.text("select id from s")).all() == [1, 2]


@pytest.mark.parametrize(
    ("sql", "kind", "state"),
    [
        ("insert into e values (1, 1), (1, 1)", sa.exc.IntegrityError, "23505"),
        ("insert into e values (1, 0)", sa.exc.IntegrityError, "23514"),
        ("insert into e values (null, 1)", sa.exc.IntegrityError, "23502"),
        ("select 1 / 0", sa.exc.DataError, "22012"),
        ("select 'x'::int from e", sa.exc.DataError, "22P02"),
        ('select \'{"a": "\\u0000"}\'::jsonb', sa.exc.DataError, "22P05"),
        ("selec", sa.exc.ProgrammingError, "42601"),
        ("set local role nobody", sa.exc.DataError, "22023"),
        ("set local statement_timeout = 1; select pg_sleep(9)", sa.exc.OperationalError, "57014"),
        ("lock table e nowait; select pg_advisory_lock('x')", sa.exc.DataError, "22P02"),
        (
            "do $$ begin raise exception 'x' using errcode = '40001'; end $$",
            sa.exc.OperationalError,
            "40001",
        ),
        (
            "do $$ begin raise exception 'x' using errcode = 'NX001'; end $$",
            sa.exc.DatabaseError,
            "NX001",
        ),
    ],
)
def test_errors_are_told_apart_by_sqlstate(
    sql: str, kind: type[sa.exc.DBAPIError], state: str, engine: Engine
) -> None:
    with engine.connect() as connection:
        create = "create temp table e (id int primary key, n int check (n > 0)) on commit drop"
        connection.exec_driver_sql(create)
        with pytest.raises(kind) as refused:
            connection.exec_driver_sql(sql)
    cause: Any = refused.value.orig
    assert cause.sqlstate == state
    assert not refused.value.connection_invalidated


def test_a_violation_names_its_constraint_and_table(ours: pg.Connection) -> None:
    ours.cursor().execute("create temp table v (n int constraint positive check (n > 0))")
    with pytest.raises(pg.IntegrityError) as refused:
        answer(ours, "insert into v values (%s)", 0)
    assert (refused.value.constraint, refused.value.table) == ("positive", "v")
