"""The SELECTs of records, each compiled once for its shape; what varies between requests is bound.

Whatever is asked of `records` here is said by its class, which sees no request.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import (
    BinaryExpression,
    ColumnElement,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    select,
)
from sqlalchemy.sql import operators

from nexus.db.statements import Sql, compiled, remembered
from nexus.records.clauses import Shape, conditions, from_view, of_id, orders_of
from nexus.records.fields import RANGED, AmongFilter, Field, TextField
from nexus.records.keyset import LIMIT, Order, by_ids, paged
from nexus.records.lacking import ids_lacking, lacking
from nexus.records.merging import (
    among_few,
    among_many,
    by_each_value,
    in_order,
    keys_of,
    searched_for,
)
from nexus.records.resources import Resource

# So that the planner guesses how many are asked for, a tenth of all: told how few, it looks for
# them from the first record on, though they may be the last.
UNTOLD = select(LIMIT).scalar_subquery()
# Or that it takes them for some times as many, which costs little where it was right. In a WITH:
# through a plain subquery it would see.
HEDGED = LIMIT * literal_column("10")


@remembered
def listing(records: type[Resource], shape: Shape) -> Sql:
    orders = orders_of(records, shape)
    rows = records.select(*shape.needed).add_columns(*keys_of(orders))
    if (shape.words or shape.late) and not orders[0].field.is_joined:
        return compiled(searched_for(records, shape, rows, orders))
    if places := _lacking_by(records, shape):
        return compiled(lacking(records, shape, rows, orders[0], places))
    if (place := _merged_by(records, shape)) is not None:
        return compiled(by_each_value(records, shape, rows, orders[0], place))
    if (place := _among_many(records, shape)) is not None:
        field = records.field_named(shape.filters[place][0])
        is_of_few = isinstance(field, AmongFilter) and field.is_few
        merged = among_few if is_of_few else among_many
        return compiled(merged(records, shape, rows, orders, place))
    if _is_of_all(records, shape):
        ids = (
            select(orders[-1].key).select_from(records.source()).where(*conditions(records, shape))
        )
        ids = paged(ids, orders, shape.nulls, UNTOLD)
        of_ids = by_ids(rows.where(records.visible()), orders[-1].key, ids)
        return compiled(of_ids.order_by(*(order.clause() for order in orders)))
    asked = conditions(records, shape)
    if blank := _blank_by(records, shape):
        rows = rows.order_by(Order(blank, orders[0].is_descending).clause())
    if (together := _together_by(records, shape, asked)) is not None:
        member, place = together
        rows = rows.order_by(Order(member, orders[0].is_descending).clause())
        asked[place] = _as_range(asked[place])
    rows = records.joined(rows.where(*asked), orders)
    if together is not None:
        page = paged(rows, orders, shape.nulls, UNTOLD)
    elif records.clustered_by and (shape.filters or shape.within):
        more = paged(rows, orders, shape.nulls, HEDGED).cte().prefix_with("MATERIALIZED")
        page = select(more).order_by(*in_order(orders, more)).limit(LIMIT)
    else:
        page = paged(rows, orders, shape.nulls, joined_to_none=_joined_to_none(records, shape))
    return compiled(from_view(records, page, shape))


def _lacking_by(records: type[Resource], shape: Shape) -> list[int]:
    """The filters by what records lack."""
    if len(shape.orders) > 1 or shape.orders[0][0] != "id" or shape.is_searched:
        return []
    return [
        place
        for place, (name, operator) in enumerate(shape.filters)
        if records.field_named(name).is_lack(operator)
    ]


def _joined_to_none(
    records: type[Resource], shape: Shape
) -> Callable[[ColumnElement[int]], Select[Any]] | None:
    """What finds the ids of those that come last, in their order, having no row to be sorted by."""
    orders = orders_of(records, shape)
    lack = orders[0].field.is_joined_to_none
    if lack is None or len(orders) > 2 or shape.is_searched:
        return None
    start = 1 if shape.nulls and shape.nulls[0] else None
    return partial(ids_lacking, records, shape, lack, orders[-1], start)


def _merged_by(records: type[Resource], shape: Shape) -> int | None:
    """The filter by several values of which each is looked for by itself: an index finds those of
    one in the order of the ids, those of all together it does not."""
    if len(shape.orders) > 1 or shape.orders[0][0] != "id" or shape.is_searched:
        return None
    return next(
        (
            place
            for place, (name, operator) in enumerate(shape.filters)
            if operator == "in" and _is_indexed(records, name)
        ),
        None,
    )


def _is_indexed(records: type[Resource], name: str) -> bool:
    """Whether an index has the records of each value in the order of their ids."""
    field = records.field_named(name)
    is_text = isinstance(field, TextField) and field.column.table is records.table
    return is_text or name in records.indexed


def _among_many(records: type[Resource], shape: Shape) -> int | None:
    """The filter by one of many ids, which may be as good as all or none."""
    is_joined = records.field_named(shape.orders[0][0]).is_joined
    if is_joined or shape.is_searched:
        return None
    return next(
        (
            place
            for place, (name, _) in enumerate(shape.filters)
            if isinstance(records.field_named(name), AmongFilter)
        ),
        None,
    )


def _is_of_all(records: type[Resource], shape: Shape) -> bool:
    """Whether all records may have to be looked at, for one that has no row elsewhere, or that is
    in a range: where what is in it comes last, the planner does not know so."""
    if len(shape.orders) > 1 or shape.orders[0][0] != "id" or shape.is_searched:
        return False
    return any(
        records.field_named(name).is_absence(operator)
        or (name in records.covered and operator in RANGED)
        for name, operator in shape.filters
    )


def _blank_by(records: type[Resource], shape: Shape) -> Field | None:
    """A member that none of the records has: an index has them in the order of the ids, which the
    planner only sees if they are sorted by the member too."""
    if len(shape.orders) > 1 or shape.orders[0][0] != "id" or len(shape.filters) != 1:
        return None
    ((name, operator),) = shape.filters
    field = records.field_named(name)
    is_indexed = name in records.indexed and field.column.table is records.table
    if operator != "null" or not (is_indexed or field.key is not None) or shape.is_searched:
        return None
    return field if field.key is not None else replace(field, key=field.column)


def _together_by(
    records: type[Resource], shape: Shape, asked: Sequence[ColumnElement[bool]]
) -> tuple[Field, int] | None:
    """The member whose records lie together in the order of the ids, and the place of the condition
    that it is one value. The planner takes them for strewn, and looks for them from the first
    record on, unless that value is a range by whose member they are sorted too."""
    if len(shape.orders) > 1 or shape.orders[0][0] != "id" or not records.clustered_by:
        return None
    field = records.field_named(records.clustered_by)
    places = (
        place
        for place, clause in enumerate(asked)
        if isinstance(clause, BinaryExpression)
        and clause.operator is operators.eq
        and clause.left is field.column
    )
    place = next(places, None)
    return None if place is None else (replace(field, key=field.column), place)


def _as_range(clause: Any) -> ColumnElement[bool]:
    return and_(clause.left >= clause.right, clause.left <= clause.right)


@remembered
def counting(records: type[Resource], shape: Shape) -> Sql:
    """All, behind whatever cursor."""
    shape = replace(shape, nulls=None)
    rows = select(func.count()).select_from(records.source()).where(*conditions(records, shape))
    return compiled(from_view(records, rows, shape))


@remembered
def finding(records: type[Resource], needed: tuple[str, ...], within: tuple[str, ...]) -> Sql:
    return compiled(records.select(*needed).where(*of_id(records, within)))


@remembered
def placing(records: type[Resource], within: tuple[str, ...]) -> Sql:
    """A row for each parent that is there, each within those of the path that it names itself."""
    rows = []
    for name in within:
        reference = records.parents[name].reference
        c = reference.table.c
        above = [c[other] == bindparam(other) for other in within if other != name and other in c]
        is_named = c.id == bindparam(name, type_=c.id.type)
        rows.append(select(c.id).where(is_named, *above, reference.visible()))
    return compiled(rows[0].union_all(*rows[1:]))
