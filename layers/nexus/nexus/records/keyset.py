"""Paging by key: the rows behind a cursor, as ranges that an index walks from where it left off."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    any_,
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
from nexus.records.references import IDS


@dataclass(frozen=True)
class Order:
    """One key that a list is sorted by. NULL is the greatest, as PostgreSQL sorts it."""

    field: Field
    is_descending: bool
    is_filled: bool = False  # in all that is asked for, though it may be NULL

    @property
    def key(self) -> ColumnElement[Any]:
        assert self.field.key is not None  # noqa: S101 - without one it is not sorted by
        return self.field.key

    @property
    def is_nullable(self) -> bool:
        return self.field.is_nullable and not self.is_filled

    @property
    def nulls_come_last(self) -> bool:
        return self.field.is_joined or not self.is_descending

    def clause(self, key: ColumnElement[Any] | None = None) -> ColumnElement[Any]:
        """What `key` is ordered by; its own by default, which of a joined one is never NULL."""
        if not self.is_descending:
            return (self.key if key is None else key).asc()
        if key is None:
            return self.key.desc()
        return key.desc().nulls_last() if self.field.is_joined else key.desc()

    def bind(self, place: int) -> ColumnElement[Any]:
        return bindparam(f"key{place}", type_=self.key.type)


LIMIT = bindparam("limit", type_=Integer)


def paged(
    rows: Select[Any],
    orders: Sequence[Order],
    nulls: Sequence[bool] | None,
    many: ColumnElement[int] = LIMIT,
    joined_to_none: Callable[[ColumnElement[int]], Select[Any]] | None = None,
) -> Select[Any]:
    """A page of rows, which have their keys as key0, key1 …: the first without a cursor, else what
    is behind those bound by these names, of which `nulls` tells the NULLs. The ids of so many that
    have no row to join are found by a walk, or by what is given."""
    in_order = [order.clause() for order in orders]
    first = orders[0]
    if nulls is None and not first.field.is_joined:
        return rows.order_by(*in_order).limit(many)
    if nulls is not None and not first.is_nullable:
        return rows.where(keyset_condition(orders, nulls)).order_by(*in_order).limit(many)
    # Each range stops at the limit by itself: an OR over NULLs would walk the index from its start.
    first_range, *second = _ranges(orders, nulls)
    if not second:
        return _in_range(rows, first_range, many, joined_to_none)
    # The second is looked for only if the first does not fill the page.
    some = _in_range(rows, first_range, many, joined_to_none).cte()
    missing = many - select(func.count()).select_from(some).correlate(None).scalar_subquery()
    more = _in_range(rows, second[0], missing, joined_to_none).subquery()
    both = union_all(select(some), select(more)).subquery()
    keys = [both.c[f"key{place}"] for place in range(len(orders))]
    merged = [order.clause(key) for order, key in zip(orders, keys, strict=True)]
    return select(both).order_by(*merged).limit(many)


def each_range(
    rows: Select[Any], orders: Sequence[Order], nulls: Sequence[bool] | None
) -> Sequence[Select[Any]]:
    """The same of each range that `paged` walks, for a page to be made of all of them."""
    if nulls is None or not orders[0].is_nullable:
        return [paged(rows, orders, nulls)]
    return [_in_range(rows, span, LIMIT) for span in _ranges(orders, nulls)]


def by_ids(rows: Select[Any], id_: ColumnElement[Any], ids: Select[Any]) -> Select[Any]:
    """The rows of the ids that another SELECT finds, which then may do with indexes alone."""
    return rows.where(id_ == any_(func.array(ids.correlate(None).scalar_subquery(), type_=IDS)))


@dataclass(frozen=True, eq=False)
class _Range:
    conditions: Sequence[ColumnElement[bool]]
    orders: Sequence[Order]
    is_joined_to_none: bool = False


def _in_range(
    rows: Select[Any],
    span: _Range,
    many: ColumnElement[int],
    joined_to_none: Callable[[ColumnElement[int]], Select[Any]] | None = None,
) -> Select[Any]:
    """Where a row to join is missing, all records may have to be looked at: at their ids alone."""
    in_order = [order.clause() for order in span.orders]
    found = rows.where(*span.conditions)
    if span.is_joined_to_none:
        by_id = span.orders[-1].key
        walk = found.with_only_columns(by_id).order_by(*in_order).limit(many)
        found = by_ids(rows, by_id, joined_to_none(many) if joined_to_none else walk)
    return found.order_by(*in_order).limit(many)


def _ranges(orders: Sequence[Order], nulls: Sequence[bool] | None) -> list[_Range]:
    """What is behind a cursor, or all, where the first key may be NULL: those with a value and
    those without, in their order."""
    first = orders[0]
    valued = _Range([first.key.is_not(None)], orders)
    blank = _Range([first.key.is_(None)], orders)
    if first.field.joined_id is not None:
        # Its index has the id too; and where its id is NULL, the planner knows that it has no row.
        tie = replace(orders[-1].field, key=first.field.joined_id)
        valued = _Range(valued.conditions, [*orders[:-1], replace(orders[-1], field=tie)])
        blank = _Range([first.field.joined_id.is_(None)], orders[1:], is_joined_to_none=True)
    in_order = [valued, blank] if first.nulls_come_last else [blank, valued]
    if nulls is None:
        return in_order
    here = blank if nulls[0] else valued
    behind = (
        keyset_condition(orders[1:], nulls[1:], 1)
        if nulls[0]
        else keyset_condition(valued.orders, nulls)
    )
    return [
        replace(here, conditions=[*here.conditions, behind]),
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
        # A row comparison is one range of an index, if that is of one table.
        here = tuple_(*(order.key for order in orders))
        there = tuple_(*(order.bind(start + place) for place, order in enumerate(orders)))
        behind = here < there if orders[0].is_descending else here > there
        is_split = orders[0].field.is_joined and len(orders) > 2
        return and_(_bound(orders[0], start), behind) if is_split else behind
    # Implied by the rest, but a range of the index where that is none.
    return and_(_bound(orders[0], start), _behind(orders, nulls, start))


def _bound(first: Order, place: int) -> ColumnElement[bool]:
    value = first.bind(place)
    return first.key <= value if first.is_descending else first.key >= value


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
