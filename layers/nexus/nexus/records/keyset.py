"""Paging by key: the rows behind a cursor, as ranges that an index walks from where it left off."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
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

    @property
    def nulls_come_last(self) -> bool:
        return self.field.is_joined or not self.is_descending

    def clause(self, key: ColumnElement[Any] | None = None) -> ColumnElement[Any]:
        """What `key`, its own by default, is ordered by."""
        key = self.key if key is None else key
        if not self.is_descending:
            return key.asc()
        return key.desc().nulls_last() if self.field.is_joined else key.desc()

    def bind(self, place: int) -> ColumnElement[Any]:
        return bindparam(f"key{place}", type_=self.key.type)


def paged(
    rows: Select[Any], orders: Sequence[Order], nulls: Sequence[bool] | None, limit: str
) -> Select[Any]:
    """A page of rows: the first without a cursor, else what is behind the keys bound as key0, key1
    …, of which `nulls` tells the NULLs. `limit` is bound."""
    many = bindparam(limit, type_=Integer)
    in_order = [order.clause() for order in orders]
    first = orders[0]
    if nulls is None and not first.field.is_joined:
        return rows.order_by(*in_order).limit(many)
    if nulls is not None and not first.is_nullable:
        return rows.where(keyset_condition(orders, nulls)).order_by(*in_order).limit(many)
    # Each range stops at the limit by itself: an OR over NULLs would walk the index from its start.
    ranges = [_in_range(rows, orders, span) for span in _ranges(orders, nulls)]
    if len(ranges) == 1:
        return ranges[0].limit(many)
    # The second is looked for only if the first does not fill the page.
    some = ranges[0].limit(many).cte("some")
    missing = many - select(func.count()).select_from(some).scalar_subquery()
    more = ranges[1].limit(missing).subquery()
    both = union_all(select(some), select(more)).subquery()
    keys = [both.c[f"key{place}"] for place in range(len(orders))]
    merged = [order.clause(key) for order, key in zip(orders, keys, strict=True)]
    return select(both).order_by(*merged).limit(many)


@dataclass(frozen=True, eq=False)
class _Range:
    conditions: Sequence[ColumnElement[bool]]
    has_values: bool  # of the first key, or none at all


def _in_range(rows: Select[Any], orders: Sequence[Order], span: _Range) -> Select[Any]:
    """Where there is no row to join, its key decides no order, and no index has it."""
    is_by_key = span.has_values or not orders[0].field.is_joined
    by = orders if is_by_key else orders[1:]
    return rows.where(*span.conditions).order_by(*(order.clause() for order in by))


def _ranges(orders: Sequence[Order], nulls: Sequence[bool] | None) -> list[_Range]:
    """What is behind a cursor, or all, where the first key may be NULL: those with a value and
    those without, in their order."""
    first = orders[0]
    valued, blank = _Range([first.key.is_not(None)], True), _Range([first.key.is_(None)], False)
    in_order = [valued, blank] if first.nulls_come_last else [blank, valued]
    if nulls is None:
        return in_order
    here = blank if nulls[0] else valued
    behind = (
        keyset_condition(orders[1:], nulls[1:], 1) if nulls[0] else keyset_condition(orders, nulls)
    )
    return [
        _Range([*here.conditions, behind], here.has_values),
        *in_order[in_order.index(here) + 1 :],
    ]


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
