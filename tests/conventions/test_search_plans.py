"""Searches go through an index, as the planner sees it among many records."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from nexus.db.engine import engine
from tests.support.api import Api
from tests.support.database import Session
from tests.support.people import Tenant, World

FILL = """
    SET LOCAL session_replication_role = replica;
    INSERT INTO identities (id, tenant_id, person_id, first_name, last_name)
        SELECT nexus.ulid(), '{tenant_id}', nexus.ulid(), 'Anna', 'Berg ' || n
        FROM generate_series(1, 4000) n;
    INSERT INTO persons (id, tenant_id, names)
        SELECT person_id, tenant_id, first_name || ' ' || last_name FROM identities
        WHERE tenant_id = '{tenant_id}';
    SELECT gin_clean_pending_list(indexrelid) FROM pg_stat_user_indexes
        WHERE indexrelname ~ '^ix_(persons|identities)_(grams|search)$';
    ANALYZE persons, identities;
    SET LOCAL enable_seqscan = off;
    SET LOCAL nexus.tenant_id = '{tenant_id}';
"""


@pytest.fixture(scope="module")
def tenant(world: World) -> Tenant:
    return world.new_tenant()


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked of the database, its parameters written in."""
    asked: list[str] = []

    def keep(_1: Any, _2: Any, sql: str, given: tuple[object, ...], _3: Any, _4: Any) -> None:
        asked.append(sql % tuple(f"'{value}'" for value in given))

    event.listen(engine(), "before_cursor_execute", keep)
    try:
        yield asked
    finally:
        event.remove(engine(), "before_cursor_execute", keep)


@pytest.mark.parametrize("path", ["persons", "identities"])
@pytest.mark.parametrize(
    ("word", "index"),
    [("w", "grams"), ("wu", "grams"), ("ßæ", "grams"), ("wulf", "search")],
)
def test_a_rare_word_is_found_through_an_index(
    inside: Callable[[Api], Api],
    tenant: Tenant,
    superuser: Session,
    path: str,
    word: str,
    index: str,
) -> None:
    with statements() as asked:
        inside(tenant.member).items(f"/{path}", q=word)
    (search,) = [sql for sql in asked if f"search.{path}" in sql]
    with superuser.undone():
        for statement in FILL.format(tenant_id=tenant.id).split(";\n"):
            superuser.run(statement)
        plan = "\n".join(superuser.column(f"EXPLAIN {search}"))
    assert f"ix_{path}_{index}" in plan, plan
