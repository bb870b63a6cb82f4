"""Paging by key: the rows behind a cursor, as ranges that an index walks from where it left off."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select, true, tuple_, union_all
from sqlalchemy.types import Integer

from nexus.records.fields import Field


@dataclass(frozen=True)
class Order:
    """One key that a list is sorted by. NULL is the greatest, as PostgreSQL sorts it."""

    field: Field
    is_descending: bool

    @property
    def key(self) -> ColumnElement[Any]:
        assert self.field.key is not None  # noqa: S101 - without one it is not sorted by
        return self.field.key

    @property
    def is_nullable(self) -> bool:
        return self.field.is_nullable

    def clause(self) -> ColumnElement[Any]:
        return self.key.desc() if self.is_descending else self.key.asc()

    def bind(self, place: int) -> ColumnElement[Any]:
        return bindparam(f"key{place}", type_=self.key.type)


def paged(
    rows: Select[Any], orders: Sequence[Order], nulls: Sequence[bool] | None, limit: str
) -> Select[Any]:
    """A page of rows: the first without a cursor, else what is behind the keys bound as key0, key1
    …, of which `nulls` tells the NULLs. `limit` is bound."""
    many = bindparam(limit, type_=Integer)
    in_order = [order.clause() for order in orders]
    if nulls is None:
        return rows.order_by(*in_order).limit(many)
    if not orders[0].is_nullable:
        return rows.where(keyset_condition(orders, nulls)).order_by(*in_order).limit(many)
    ranges = [
        rows.where(*conditions).order_by(*in_order).limit(many)
        for conditions in _ranges(orders, nulls)
    ]
    if len(ranges) == 1:
        return ranges[0]
    # Each range stops at the limit by itself: an OR over NULLs would walk the index from its start.
    both = union_all(*(select(part.subquery()) for part in ranges)).subquery()
    keys = [both.c[f"key{place}"] for place in range(len(orders))]
    merged = [k.desc() if o.is_descending else k.asc() for k, o in zip(keys, orders, strict=True)]
    return select(both).order_by(*merged).limit(many)


def _ranges(orders: Sequence[Order], nulls: Sequence[bool]) -> list[list[ColumnElement[bool]]]:
    """What is behind a cursor where the first key may be NULL: the rest of those like the cursor's,
    and the others if they come later."""
    first = orders[0].key
    if not nulls[0]:
        behind = [first.is_not(None), keyset_condition(orders, nulls)]
        return [behind] if orders[0].is_descending else [behind, [first.is_(None)]]
    behind = [first.is_(None), keyset_condition(orders[1:], nulls[1:], 1)]
    return [behind, [first.is_not(None)]] if orders[0].is_descending else [behind]


def keyset_condition(
    orders: Sequence[Order], nulls: Sequence[bool], start: int = 0
) -> ColumnElement[bool]:
    """Rows that sort behind the keys bound from `start` on."""
    if start and orders[0].is_nullable:  # of the first key, each range has NULLs alone or none
        return _behind(orders, nulls, start)
    directions = {order.is_descending for order in orders}
    if len(directions) == 1 and not any(order.is_nullable for order in orders[1:]):
        # A row comparison is one range of an index.
        here = tuple_(*(order.key for order in orders))
        there = tuple_(*(order.bind(start + place) for place, order in enumerate(orders)))
        return here < there if orders[0].is_descending else here > there
    first = orders[0]
    bound = (
        first.key <= first.bind(start) if first.is_descending else first.key >= first.bind(start)
    )
    # Implied by the rest, but a range of the index where that is none.
    return and_(bound, _behind(orders, nulls, start))


def _behind(orders: Sequence[Order], nulls: Sequence[bool], start: int) -> ColumnElement[bool]:
    order, is_null = orders[0], nulls[0]
    clauses = [
        clause for clause in [_strictly(order, start, is_null=is_null)] if clause is not None
    ]
    if len(orders) > 1:
        alike = order.key.is_(None) if is_null else order.key == order.bind(start)
        clauses.append(and_(alike, _behind(orders[1:], nulls[1:], start + 1)))
    return or_(*clauses) if clauses else ~true()


def _strictly(order: Order, place: int, *, is_null: bool) -> ColumnElement[bool] | None:
    key, value = order.key, order.bind(place)
    if is_null:
        return key.is_not(None) if order.is_descending else None
    if order.is_descending:
        return key < value
    return or_(key > value, key.is_(None)) if order.is_nullable else key > value
