"""Pages that no one walk of an index makes: each finds the ids of a page, for rows to be of."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Label,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    select,
    true,
    union,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.schema import Column
from sqlalchemy.sql.elements import Grouping
from sqlalchemy.sql.visitors import iterate, replacement_traverse
from sqlalchemy.types import Integer

from nexus.records.clauses import (
    Shape,
    conditions,
    conditions_but,
    from_view,
    searched,
)
from nexus.records.fields import AmongFilter
from nexus.records.keyset import LIMIT, Order, by_ids, each_range, paged
from nexus.records.resources import Resource

WALKED = 5_000  # records that take about as long as 1,000 ids that are looked for


def by_each_value(
    records: type[Resource], shape: Shape, rows: Select[Any], by_id: Order, place: int
) -> Select[Any]:
    """A page of the ids of each value, and of all of these the page. Of a few words the planner
    knows how frequent each is, if each is asked for by itself; where fewer are given, NULL is."""
    name, bound = shape.filters[place][0], f"f{place}"
    field = records.field_named(name)
    given: Any = bindparam(bound, type_=ARRAY(field.column.type))
    if field.words:
        places = range(1, len(field.words) + 1)
        in_places = [Grouping(given)[n] for n in places]
        some = [_ids_of(records, shape, by_id, place, one).subquery() for one in in_places]
        found = select(union_all(*(select(one.c.id) for one in some)).subquery())
    else:
        each = select(func.unnest(given).label("value")).subquery("each")
        of_value = _ids_of(records, shape, by_id, place, each.c.value).correlate(each)
        of_each = of_value.lateral("some")
        found = select(of_each.c.id).select_from(each.join(of_each, true()))
    (tie,) = _found_by([by_id], [found.selected_columns[0]])
    page = found.distinct().order_by(tie.clause()).limit(LIMIT)
    return of_ids(records, rows, [by_id], page)


def among_many(
    records: type[Resource], shape: Shape, rows: Select[Any], orders: Sequence[Order], place: int
) -> Select[Any]:
    """By one of many ids: those that are not met on the way are so rare that each of the ids is
    looked for by itself."""
    field = records.field_named(shape.filters[place][0])
    assert isinstance(field, AmongFilter)  # noqa: S101 - for the type checker
    assert field.of is not None  # noqa: S101 - for the type checker
    others = select(*_members(orders), field.of.label("value"))
    others = others.select_from(records.source())
    others = others.where(*conditions_but(records, shape, [place]))
    first = paged(others, orders, shape.nulls, literal_column(str(WALKED), Integer))
    # In a SELECT of its own, or the planner would make the array too, to see how many they are.
    array = select(field.array(f"f{place}")).scalar_subquery()
    named = select(func.unnest(array).label("value")).cte("named")
    by_id = orders[-1]
    one = _all_of(records, shape, by_id, place, named.c.value).correlate(named)
    if len(orders) == 1:
        one = paged(one.add_columns(*keys_of(orders)), orders, shape.nulls)
    of_one = one.lateral("one")
    each = select(of_one).select_from(named.join(of_one, true()))
    if len(orders) == 1:
        each = each.order_by(*in_order(orders, of_one))
    else:
        those = select(*_members(orders)).select_from(records.source())
        those = by_ids(those.where(records.visible()), by_id.key, each)
        each = paged(those, orders, shape.nulls)
    ids = on_the_way_or_else(orders, first, lambda row: row.value.in_(select(named.c.value)), each)
    return of_ids(records, rows, orders, ids)


def among_few(
    records: type[Resource], shape: Shape, rows: Select[Any], orders: Sequence[Order], place: int
) -> Select[Any]:
    """By one of a few ids, of each of which an index has a page in the order of the list."""
    field = records.field_named(shape.filters[place][0])
    assert isinstance(field, AmongFilter)  # noqa: S101 - for the type checker
    array = select(field.array(f"f{place}")).scalar_subquery()
    named = select(func.unnest(array).label("value")).cte("named")
    one = _all_of(records, shape, orders[-1], place, named.c.value).correlate(named)
    ranges = each_range(one.add_columns(*keys_of(orders)), orders, shape.nulls)
    of_one = [some.lateral(f"one{n}") for n, some in enumerate(ranges)]
    each = union_all(*(select(some).select_from(named.join(some, true())) for some in of_one))
    found = each.subquery("found")
    page = select(found.c.id).order_by(*in_order(orders, found)).limit(LIMIT)
    return of_ids(records, rows, orders, page)


def searched_for(
    records: type[Resource], shape: Shape, rows: Select[Any], orders: Sequence[Order]
) -> Select[Any]:
    """By text: what is not met on the way is so rare that all that have its letters are found. The
    planner does not know how frequent letters are together, nor where in the order."""
    asked = and_(*searched(records, shape))
    tables = (records.table, records.searched())
    columns = [c for c in iterate(asked) if isinstance(c, Column) and c.table in tables]
    seen = {column: f"seen{n}" for n, column in enumerate(columns)}
    others = select(*_members(orders), *(column.label(name) for column, name in seen.items()))
    others = others.select_from(records.source())
    others = others.where(*conditions_but(records, shape, shape.late))
    first = paged(others, orders, shape.nulls, literal_column(str(WALKED), Integer))
    all_found = select(*_members(orders)).select_from(records.source())
    asked_of_all = conditions(records, shape, is_by_letters=shape.is_searched)
    all_found = from_view(records, all_found.where(*asked_of_all), shape)
    those = all_found.cte("those").prefix_with("MATERIALIZED")
    keys = [those.c[f"key{n}"] for n in range(len(orders))]
    each = paged(select(those), _found_by(orders, keys), shape.nulls)

    def is_asked(row: Any) -> Any:
        def instead(element: Any, **_: Any) -> Any:
            return row[seen[element]] if element in seen else None

        return replacement_traverse(asked, {}, instead)

    way = from_view(records, first, shape)
    is_plain = not any(operator == "has" for _, operator in shape.filters)
    ids = on_the_way_or_else(orders, way, is_asked, each, is_plain=is_plain)
    return of_ids(records, rows, orders, ids)


def on_the_way_or_else(
    orders: Sequence[Order],
    first: Select[Any],
    is_asked: Callable[[Any], ColumnElement[bool]],
    others: Select[Any],
    many: ColumnElement[int] = LIMIT,
    walked: int = WALKED,
    *,
    is_plain: bool = False,
) -> Select[Any]:
    """The ids of a page out of the first records in their order, if they fill it, and else out of
    others. Where what is asked is plain, a record alone tells it."""
    if is_plain:
        some, is_more = _met(orders, first, is_asked, many, walked)
    else:
        way = first.subquery("walked")
        on_the_way = select(way).where(is_asked(way.c))
        some = on_the_way.order_by(*in_order(orders, way)).limit(many).cte()
        is_more = first.offset(literal_column(str(walked - 1))).exists()
    is_short = select(func.count() < many).select_from(some).scalar_subquery()
    missing = case((is_short & is_more, many), else_=literal_column("0"))
    more = select(others.subquery()).limit(missing).subquery()
    names = [column.name for column in _members(orders)]
    found = union(select(*(some.c[n] for n in names)), select(*(more.c[n] for n in names)))
    both = found.subquery()
    return select(both.c.id).order_by(*in_order(orders, both)).limit(many)


def _met(
    orders: Sequence[Order],
    first: Select[Any],
    is_asked: Callable[[Any], ColumnElement[bool]],
    many: ColumnElement[int],
    walked: int,
) -> tuple[FromClause, ColumnElement[bool]]:
    """The records that are met on the way, and whether it went so far that more may be behind it:
    the last of it is found with them, or else all of it would be walked once more."""
    keys = [first.selected_columns[f"key{n}"] for n in range(len(orders))]
    in_order_of_keys = [order.clause(key) for order, key in zip(orders, keys, strict=True)]
    place = func.row_number().over(order_by=in_order_of_keys)
    way = first.add_columns(place.label("place")).subquery("walked")
    is_last = way.c.place == literal_column(str(walked))
    asked = is_asked(way.c)
    found = select(way, asked.label("is_asked"), is_last.label("is_last")).where(asked | is_last)
    found_or_last = found.order_by(*in_order(orders, way)).limit(many).cte()
    is_more = select(func.bool_or(found_or_last.c.is_last)).scalar_subquery()
    return select(found_or_last).where(found_or_last.c.is_asked).subquery(), is_more


def of_ids(
    records: type[Resource], rows: Select[Any], orders: Sequence[Order], ids: Select[Any]
) -> Select[Any]:
    """The rows of a page whose ids another SELECT finds."""
    found = by_ids(rows.where(records.visible()), orders[-1].key, ids)
    return found.order_by(*(order.clause() for order in orders)).limit(LIMIT)


def _members(orders: Sequence[Order]) -> list[Label[Any]]:
    return [orders[-1].key.label("id"), *keys_of(orders)]


def keys_of(orders: Sequence[Order]) -> list[Label[Any]]:
    return [order.key.label(f"key{place}") for place, order in enumerate(orders)]


def in_order(orders: Sequence[Order], found: FromClause) -> list[ColumnElement[Any]]:
    """What rows that were found are sorted by."""
    return [order.clause(found.c[f"key{place}"]) for place, order in enumerate(orders)]


def _found_by(orders: Sequence[Order], keys: Sequence[ColumnElement[Any]]) -> list[Order]:
    """The orders of rows that were found, which have the keys."""
    return [
        replace(order, field=replace(order.field, key=key))
        for order, key in zip(orders, keys, strict=True)
    ]


def _ids_of(
    records: type[Resource], shape: Shape, by_id: Order, place: int, value: ColumnElement[Any]
) -> Select[Any]:
    """A page of the ids that have one value."""
    ids = _all_of(records, shape, by_id, place, value)
    return paged(ids, [by_id], shape.nulls)


def _all_of(
    records: type[Resource], shape: Shape, by_id: Order, place: int, value: ColumnElement[Any]
) -> Select[Any]:
    """The ids that have one value, in place of what a filter is bound to."""
    filters = list(shape.filters)
    filters[place] = (filters[place][0], "eq")

    def instead(element: Any, **_: Any) -> Any:
        is_it = isinstance(element, BindParameter) and element.key == f"f{place}"
        return value if is_it else None

    asked = conditions(records, replace(shape, filters=tuple(filters)))
    asked = [replacement_traverse(clause, {}, instead) for clause in asked]
    return select(by_id.key.label("id")).select_from(records.source()).where(*asked)
