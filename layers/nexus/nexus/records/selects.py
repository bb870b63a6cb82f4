"""The SELECTs of records, each compiled once for its shape; what varies between requests is bound.

Whatever is asked of `records` here is said by its class, which sees no request.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Label,
    MetaData,
    Select,
    Table,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    true,
    union,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.elements import Grouping
from sqlalchemy.sql.visitors import replacement_traverse
from sqlalchemy.types import Integer, Text

from nexus.access.scope import ROOT_TENANT_ID
from nexus.db.statements import Sql, compiled, remembered
from nexus.records.fields import RANGES, AmongFilter, Field, TextField
from nexus.records.keyset import LIMIT, Order, by_ids, paged
from nexus.records.references import own_tenant
from nexus.records.resources import Resource

GRAMS = ARRAY(Integer)
RANGED = (*RANGES, "from", "until", "within")
WALKED = 5_000  # records that take about as long as 1,000 ids that are looked for


@dataclass(frozen=True)
class Shape:
    """What of a list's query decides its SQL."""

    needed: tuple[str, ...]
    within: tuple[str, ...]
    filters: tuple[tuple[str, str], ...]
    choices: tuple[tuple[str, str], ...]
    words: int
    orders: tuple[tuple[str, bool], ...] = ()
    nulls: tuple[bool, ...] | None = None


@remembered
def listing(records: type[Resource], shape: Shape) -> Sql:
    orders = orders_of(records, shape)
    rows = records.select(*shape.needed).add_columns(*_keys(orders))
    if (place := _merged_by(records, shape)) is not None:
        return compiled(_by_each_value(records, shape, rows, orders[0], place))
    if (place := _among_many(records, shape)) is not None:
        return compiled(_on_the_way_or_each(records, shape, rows, orders, place))
    if _is_of_all(records, shape):
        ids = select(orders[-1].key).where(*conditions(records, shape))
        ids = paged(ids, orders, shape.nulls)
        of_ids = by_ids(rows.where(records.visible()), orders[-1].key, ids)
        return compiled(of_ids.order_by(*(order.clause() for order in orders)))
    rows = rows.where(*conditions(records, shape))
    if blank := _blank_by(records, shape):
        rows = rows.order_by(Order(blank, orders[0].is_descending).clause())
    rows = records.joined(rows, orders)
    return compiled(_from_view(records, paged(rows, orders, shape.nulls), shape))


def _merged_by(records: type[Resource], shape: Shape) -> int | None:
    """The filter by several values of which each is looked for by itself: an index finds those of
    one in the order of the ids, those of all together it does not."""
    if len(shape.orders) > 1 or shape.orders[0][0] != "id" or _is_searched(shape):
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


def _by_each_value(
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
    tie = _tied(by_id, found.selected_columns[0])
    page = found.distinct().order_by(tie.clause()).limit(LIMIT)
    of_ids = by_ids(rows.where(records.visible()), by_id.key, page)
    return of_ids.order_by(by_id.clause()).limit(LIMIT)


def _among_many(records: type[Resource], shape: Shape) -> int | None:
    """The filter by one of many ids, which may be as good as all or none."""
    is_joined = records.field_named(shape.orders[0][0]).is_joined
    if is_joined or _is_searched(shape):
        return None
    return next(
        (
            place
            for place, (name, _) in enumerate(shape.filters)
            if isinstance(records.field_named(name), AmongFilter)
        ),
        None,
    )


def _on_the_way_or_each(
    records: type[Resource], shape: Shape, rows: Select[Any], orders: Sequence[Order], place: int
) -> Select[Any]:
    """A page out of the first records in their order, if they fill it. If not, what is asked for is
    so rare that each of the ids is looked for by itself."""
    name = shape.filters[place][0]
    field = records.field_named(name)
    assert isinstance(field, AmongFilter)  # noqa: S101 - for the type checker
    assert field.of is not None  # noqa: S101 - for the type checker
    by_id = orders[-1]
    members = [by_id.key.label("id"), *_keys(orders)]
    filters = (*shape.filters[:place], (name, "any"), *shape.filters[place + 1 :])
    others = select(*members, field.of.label("value"))
    others = others.where(*conditions(records, replace(shape, filters=filters)))
    first = paged(others, orders, shape.nulls, literal_column(str(WALKED), Integer))
    # In a SELECT of its own, or the planner would make the array too, to see how many they are.
    array = select(field.array(f"f{place}")).scalar_subquery()
    named = select(func.unnest(array).label("value")).cte("named")
    walked = first.subquery("walked")
    on_the_way = select(walked).where(walked.c.value.in_(select(named.c.value)))
    some = on_the_way.order_by(*_in_order(orders, walked)).limit(LIMIT).cte()
    one = _all_of(records, shape, by_id, place, named.c.value).correlate(named)
    if len(orders) == 1:
        one = paged(one.add_columns(*_keys(orders)), orders, shape.nulls)
    of_one = one.lateral("one")
    each = select(of_one).select_from(named.join(of_one, true()))
    if len(orders) == 1:
        each = each.order_by(*_in_order(orders, of_one))
    else:
        those = by_ids(select(*members).where(records.visible()), by_id.key, each)
        each = paged(those, orders, shape.nulls)
    is_short = select(func.count() < LIMIT).select_from(some).scalar_subquery()
    is_more = first.offset(literal_column(str(WALKED - 1))).exists()
    missing = case((is_short & is_more, LIMIT), else_=literal_column("0"))
    more = select(each.subquery()).limit(missing).subquery()
    names = [column.name for column in members]
    found = union(select(*(some.c[n] for n in names)), select(*(more.c[n] for n in names)))
    both = found.subquery()
    page = select(both.c.id).order_by(*_in_order(orders, both)).limit(LIMIT)
    of_ids = by_ids(rows.where(records.visible()), by_id.key, page)
    return of_ids.order_by(*(order.clause() for order in orders)).limit(LIMIT)


def _keys(orders: Sequence[Order]) -> list[Label[Any]]:
    return [order.key.label(f"key{place}") for place, order in enumerate(orders)]


def _in_order(orders: Sequence[Order], found: FromClause) -> list[ColumnElement[Any]]:
    """What rows that were found are sorted by."""
    return [order.clause(found.c[f"key{place}"]) for place, order in enumerate(orders)]


def _tied(by_id: Order, id_: ColumnElement[Any]) -> Order:
    """The order of ids that were found."""
    return replace(by_id, field=replace(by_id.field, key=id_))


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
    return select(by_id.key.label("id")).where(*asked)


def _is_of_all(records: type[Resource], shape: Shape) -> bool:
    """Whether all records may have to be looked at, for one that has no row elsewhere, or that is
    in a range: where what is in it comes last, the planner does not know so."""
    if len(shape.orders) > 1 or shape.orders[0][0] != "id" or _is_searched(shape):
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
    if operator != "null" or not (is_indexed or field.key is not None) or _is_searched(shape):
        return None
    return field if field.key is not None else replace(field, key=field.column)


def _is_searched(shape: Shape) -> bool:
    return shape.words > 0 or any(operator == "contains" for _, operator in shape.filters)


@remembered
def counting(records: type[Resource], shape: Shape) -> Sql:
    rows = select(func.count()).select_from(records.source()).where(*conditions(records, shape))
    return compiled(_from_view(records, rows, shape))


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


def of_id(records: type[Resource], within: Sequence[str]) -> list[ColumnElement[bool]]:
    """The record of the id that is bound as id, below its parents."""
    return [records.visible(), records.is_named(), *below(records, within)]


def below(records: type[Resource], within: Sequence[str]) -> list[ColumnElement[bool]]:
    found = [records.parents[name].condition(records.table, name) for name in within]
    return [clause for clause in found if clause is not None]


def conditions(records: type[Resource], shape: Shape) -> list[ColumnElement[bool]]:
    choices = records.choices()
    asked = [
        records.field_named(name).condition(operator, f"f{place}")
        for place, (name, operator) in enumerate(shape.filters)
    ]
    chosen = [choices[name][value] for name, value in shape.choices]
    words = [bindparam(f"w{place}", type_=Text) for place in range(shape.words)]
    parts = [
        bindparam(f"f{place}", type_=Text)
        for place, (_, operator) in enumerate(shape.filters)
        if operator == "contains"
    ]
    found = [*(holds(records, word) for word in words), *has_grams(records, [*words, *parts])]
    plain = [clause for clause in chosen if clause is not None]
    return [records.visible(), *below(records, shape.within), *asked, *plain, *found]


def orders_of(records: type[Resource], shape: Shape) -> Sequence[Order]:
    return records.tied([Order(records.field_named(name), down) for name, down in shape.orders])


def holds(records: type[Resource], word: ColumnElement[str]) -> ColumnElement[bool]:
    """That the searched text holds a word. Not `> 0`: for how often that is so, the planner has a
    poorer guess."""
    place = func.strpos(records.searched().c.search, func.nexus.fold_search(word))
    return place != literal_column("0")


def has_grams(
    records: type[Resource], words: Sequence[ColumnElement[str]]
) -> list[ColumnElement[bool]]:
    """That it holds the words' letters, which an index finds. All of them at once: where the
    planner walks the records instead, a text's letters are made anew at each look."""
    if not words:
        return []
    c = records.searched().c
    tenant_id: Any = c.get("tenant_id", literal_column("''"))
    grams = func.nexus.search_grams(tenant_id, c.search, type_=GRAMS)
    owners: list[Any] = [own_tenant] if "tenant_id" in c else [literal_column("''")]
    owners += [ROOT_TENANT_ID] if records.is_shared else []
    return [or_(*(grams.contains(_grams_of(owner, words)) for owner in owners))]


def _grams_of(owner: Any, words: Sequence[ColumnElement[str]]) -> ColumnElement[Any]:
    folded = [func.nexus.query_grams(owner, func.nexus.fold_search(word)) for word in words]
    return reduce(lambda some, more: func.array_cat(some, more, type_=GRAMS), folded)


@remembered
def search_view(table: Table) -> Table:
    """The table as searches read it: under a policy no index serves them; the view repeats it."""
    return table.to_metadata(MetaData(), schema="search")


def _from_view(records: type[Resource], rows: Select[Any], shape: Shape) -> Any:
    if not _is_searched(shape):
        return rows
    views: dict[Any, Table] = {table: search_view(table) for table in records.searched_beside()}

    def instead(element: Any, **_: Any) -> Any:
        if element in views:
            return views[element]
        view = views.get(getattr(element, "table", None))
        return None if view is None else view.c[element.name]

    return replacement_traverse(rows, {}, instead)
