"""Positions: a dense order, from 0, of the records that share an owner."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Table, bindparam, func, select

from nexus.access.scope import Scope
from nexus.records.crud import kept
from nexus.records.reading import Record
from nexus.records.references import own_tenant


@lru_cache(maxsize=64)
def next_position(table: Table, owner: str) -> Any:
    """For an insert: behind those that are there of the same owner, who is in the insert too.
    Whoever adds or removes holds the owner's row."""
    siblings = table.alias("siblings")
    is_sibling = siblings.c[owner] == bindparam(f"new_{owner}", type_=table.c[owner].type)
    counted = select(func.count()).where(siblings.c.tenant_id == own_tenant, is_sibling)
    return kept(counted.scalar_subquery())


def close_gap(scope: Scope, table: Table, owner: str, removed: Record) -> None:
    """Those behind a removed record move up, in one statement."""
    c = table.c
    behind = (c.tenant_id == own_tenant, c[owner] == removed[owner])
    moved = table.update().where(*behind, c.sort_order > removed["sort_order"])
    scope.execute(moved.values(sort_order=c.sort_order - 1))
