"""Searches go through an index, as the planner sees it among many records."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from nexus.pg import Connection
from tests.support.api import Api
from tests.support.database import Session
from tests.support.people import Tenant, World
from tests.support.stack import Database

PAGE = 50
FILL = """
    SET LOCAL session_replication_role = replica;
    INSERT INTO identities (id, tenant_id, person_id, first_name, last_name)
        SELECT nexus.ulid(), '{tenant_id}', nexus.ulid(), 'Anna', 'Berg ' || n
        FROM generate_series(1, 6000) n;
    INSERT INTO persons (id, tenant_id, names)
        SELECT person_id, tenant_id, first_name || ' ' || last_name FROM identities
        WHERE tenant_id = '{tenant_id}';
    SELECT gin_clean_pending_list(indexrelid) FROM pg_stat_user_indexes
        WHERE indexrelname ~ '^ix_(persons|identities)_search$';
    ANALYZE persons, identities;
    SET LOCAL enable_seqscan = off;
    SET LOCAL max_parallel_workers_per_gather = 0;
    SET LOCAL nexus.tenant_id = '{tenant_id}';
"""


@pytest.fixture(scope="module")
def tenant(world: World) -> Tenant:
    return world.new_tenant()


@pytest.fixture(scope="module")
def among_many(tenant: Tenant, database: Database) -> Iterator[Session]:
    """6,000 records of the tenant, in a transaction that is for reading plans: made once, for they
    take longer than all the plans."""
    with Session(database.superuser_url) as session, session.undone():
        for statement in FILL.format(tenant_id=tenant.id).split(";\n"):
            session.run(statement)
        yield session


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked of the database, its parameters written in."""
    asked: list[str] = []
    statement = Connection.statement

    def keep(connection: Connection, sql: str, given: Sequence[object] = (), *more: Any) -> Any:
        asked.append(re.sub(r"\$(\d+)", lambda place: f"'{given[int(place[1]) - 1]}'", sql))
        return statement(connection, sql, given, *more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Connection, "statement", keep)
        yield asked


def planned(api: Api, among_many: Session, path: str, word: str) -> str:
    """What was done for a search among 6,000 records of the caller's tenant."""
    with statements() as asked:
        api.items(f"/{path}", q=word)
    (search,) = [sql for sql in asked if f"search.{path}" in sql]
    plan = among_many.column(f"EXPLAIN (ANALYZE, TIMING OFF, BUFFERS OFF) {search}")
    return "\n".join(line for line in plan if "never executed" not in line)


@pytest.mark.parametrize("path", ["persons", "identities"])
@pytest.mark.parametrize("word", ["w", "wu", "ßæ", "wulf", "wulfgang"])
def test_a_rare_word_is_found_through_an_index(
    inside: Callable[[Api], Api], tenant: Tenant, among_many: Session, path: str, word: str
) -> None:
    plan = planned(inside(tenant.member), among_many, path, word)
    assert f"ix_{path}_search" in plan, plan


@pytest.mark.parametrize("path", ["persons", "identities"])
@pytest.mark.parametrize("word", ["a", "be", "ann", "anna"])
def test_a_word_that_everybody_has_is_found_on_the_way(
    inside: Callable[[Api], Api], tenant: Tenant, among_many: Session, path: str, word: str
) -> None:
    """Fifty of six thousand: those that the index finds are not all fetched and sorted."""
    plan = planned(inside(tenant.member), among_many, path, word)
    assert f"ix_{path}_search" not in plan, plan
    assert max(map(int, re.findall(r"actual rows=(\d+)", plan))) <= PAGE + 1, plan
