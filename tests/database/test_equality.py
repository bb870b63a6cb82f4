"""Ours answers as stock pg8000 does, value for value and error for error."""

from datetime import UTC, datetime
from typing import Any

import pytest

from nexus import pg
from tests.database.cases import PARAMETERS, TRANSACTIONS, Many, Step


def comparable(value: Any) -> Any:
    """By type and digits: repr tells 1 from 1.0 and takes NaN for itself."""
    if isinstance(value, list | tuple):
        return [comparable(item) for item in value]
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(UTC)
    return repr(value)


def outcome(connection: Any, step: Step) -> Any:
    cursor = connection.cursor()
    sql, *args = (step,) if isinstance(step, str | Many) else step
    try:
        if isinstance(sql, Many):
            cursor.executemany(sql.sql, sql.sets)
        else:
            cursor.execute(sql, tuple(args))
    except pg.DatabaseError as error:
        return error.args[0]["C"], error.args[0]["M"]
    except pg.InterfaceError:
        return "25P02", "the failed transaction was undone"
    rows = cursor.fetchall() if cursor.description else None
    return cursor.description, cursor.rowcount, comparable(rows)


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_value_comes_back_as_from_stock(name: str, stock: Any, ours: pg.Connection) -> None:
    cast, value = PARAMETERS[name]
    steps: list[Step] = [(f"select %s::{cast}, pg_typeof(%s::{cast})::text", value, value)]
    assert [outcome(ours, step) for step in steps] == [outcome(stock, step) for step in steps]


@pytest.mark.parametrize("name", TRANSACTIONS)
def test_a_transaction_goes_as_with_stock(name: str, stock: Any, ours: pg.Connection) -> None:
    for _ in range(2):  # the second time shows what the first left behind
        for step in TRANSACTIONS[name]:
            assert outcome(ours, step) == outcome(stock, step)
        ours.rollback()
        stock.rollback()


def test_declared_types_are_passed_as_with_stock(stock: Any, ours: pg.Connection) -> None:
    told = []
    for connection in (stock, ours):
        cursor = connection.cursor()
        cursor.setinputsizes(20, str)
        cursor.execute("select pg_typeof(%s)::text, pg_typeof(%s)::text", (1, "x"))
        told.append(cursor.fetchall())
    assert told == [(["bigint", "text"],)] * 2


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "America/St_Johns", "Africa/Monrovia"])
def test_timestamptz_is_utc_whatever_the_session_speaks(zone: str, ours: pg.Connection) -> None:
    cursor = ours.cursor()
    cursor.execute("select set_config('timezone', %s, true)", (zone,))
    cursor.execute("select '1960-05-06 07:08:09.25+00'::timestamptz")
    [[moment]] = cursor.fetchall()
    assert moment == datetime(1960, 5, 6, 7, 8, 9, 250000, tzinfo=UTC)
    assert moment.tzinfo is UTC


def test_a_value_without_a_converter_leaves_the_answers_in_step(ours: pg.Connection) -> None:
    cursor = ours.cursor()
    with pytest.raises(ValueError):
        cursor.execute("select time '24:00' from generate_series(1, 10)")
    for number in range(100):
        cursor.execute("select %s::int", (number,))
        assert cursor.fetchall() == ([number],)
