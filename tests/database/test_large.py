"""Megabytes both ways: neither side may wait for the other to read first."""

import pytest

from nexus import pg
from tests.database.conftest import Connect, answer

MEGABYTE = 2**20


@pytest.fixture
def ours(connect: Connect) -> pg.Connection:
    return connect(time_left=lambda: 20)  # two that wait for each other are found by it


def test_a_pipeline_of_large_parameters_and_large_answers(ours: pg.Connection) -> None:
    texts = [letter * MEGABYTE for letter in "abcdefghijklmnopqrst"]
    answers = ours.pipeline([("select %s::text", [text]) for text in texts])
    assert [item.rows for item in answers] == [[[text]] for text in texts]


def test_a_pipeline_of_a_large_answer_before_many_small_statements(ours: pg.Connection) -> None:
    large = ("select repeat('x', $1)", [20 * MEGABYTE])
    small = [("select %s::int", [number]) for number in range(2000)]
    answers = ours.pipeline([large, *small, large])
    assert [len((item.rows or [])[0][0]) for item in (answers[0], answers[-1])] == [
        20 * MEGABYTE
    ] * 2
    assert [item.rows for item in answers[1:-1]] == [[[number]] for number in range(2000)]


def test_many_sets_of_many_notices(ours: pg.Connection) -> None:
    sql = "select pg_temp.tell(%s)"
    answer(ours, "select 1")
    ours.cursor().execute(
        "create function pg_temp.tell(n int) returns text language plpgsql as "
        "$$ begin raise notice '%', repeat('x', 10000); return repeat('y', 10000); end $$"
    )
    ours.cursor().executemany(sql, [(number,) for number in range(2000)])
    assert answer(ours, "select 1") == ([1],)


def test_a_large_statement_behind_what_goes_ahead(ours: pg.Connection) -> None:
    seen: list[int] = []
    ours.send_ahead(
        "select repeat('x', $1)", [8 * MEGABYTE], lambda rows: seen.append(len(rows[0][0]))
    )
    assert answer(ours, "select length(%s)", "y" * 8 * MEGABYTE) == ([8 * MEGABYTE],)
    assert seen == [8 * MEGABYTE]


def test_a_large_script(ours: pg.Connection) -> None:
    numbers = range(20000)
    script = "; ".join(f"select {number}" for number in numbers)
    cursor = ours.cursor()
    cursor.execute(script)
    assert cursor.fetchall() == tuple([number] for number in numbers)
