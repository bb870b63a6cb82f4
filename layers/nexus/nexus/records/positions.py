"""Positions: an order of the records that share an owner."""

from functools import lru_cache
from typing import Any

from sqlalchemy import Table, bindparam, func, literal_column, select

from nexus.access.scope import Scope
from nexus.records.crud import kept
from nexus.records.reading import Record
from nexus.records.references import own_tenant


@lru_cache(maxsize=64)
def next_position(table: Table, owner: str, position: str) -> Any:
    """For an insert: behind those that are there of the same owner, who is in the insert too; 0
    where none is. Whoever adds or removes holds the owner's row."""
    siblings = table.alias("siblings")
    is_sibling = siblings.c[owner] == bindparam(f"new_{owner}", type_=table.c[owner].type)
    last = func.max(siblings.c[position])
    behind = select(func.coalesce(last + literal_column("1"), literal_column("0")))
    return kept(behind.where(siblings.c.tenant_id == own_tenant, is_sibling).scalar_subquery())


def close_gap(scope: Scope, table: Table, owner: str, removed: Record) -> None:
    """Those behind a removed record move up, in one statement."""
    c = table.c
    behind = (c.tenant_id == own_tenant, c[owner] == removed[owner])
    moved = table.update().where(*behind, c.sort_order > removed["sort_order"])
    scope.execute(moved.values(sort_order=c.sort_order - 1))
