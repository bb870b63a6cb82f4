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
    MetaData,
    Select,
    Table,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.elements import Grouping
from sqlalchemy.sql.visitors import replacement_traverse
from sqlalchemy.types import Integer, Text

from nexus.access.scope import ROOT_TENANT_ID
from nexus.db.statements import Sql, compiled, remembered
from nexus.records.fields import RANGES, Field
from nexus.records.keyset import Order, by_ids, paged
from nexus.records.references import own_tenant
from nexus.records.resources import Resource

GRAMS = ARRAY(Integer)
RANGED = (*RANGES, "from", "until", "within")


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
    keys = [order.key.label(f"key{place}") for place, order in enumerate(orders)]
    rows = records.select(*shape.needed).add_columns(*keys)
    if (place := _merged_by(records, shape)) is not None:
        return compiled(_by_each_value(records, shape, rows, orders[0], place))
    if _is_of_all(records, shape):
        ids = select(orders[-1].key).where(*conditions(records, shape))
        ids = paged(ids, orders, shape.nulls, "limit")
        of_ids = by_ids(rows.where(records.visible()), orders[-1].key, ids)
        return compiled(of_ids.order_by(*(order.clause() for order in orders)))
    rows = rows.where(*conditions(records, shape))
    if blank := _blank_by(records, shape):
        rows = rows.order_by(Order(blank, orders[0].is_descending).clause())
    rows = records.joined(rows, orders)
    return compiled(_from_view(records, paged(rows, orders, shape.nulls, "limit"), shape))


def _merged_by(records: type[Resource], shape: Shape) -> int | None:
    """The filter by several values of which each is looked for by itself: an index finds those of
    one in the order of the ids, those of all together it does not."""
    if len(shape.orders) > 1 or shape.orders[0][0] != "id" or _is_searched(shape):
        return None
    return next(
        (
            place
            for place, (name, operator) in enumerate(shape.filters)
            if operator == "in" and name in records.indexed
        ),
        None,
    )


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
    tie = replace(by_id, field=replace(by_id.field, key=found.selected_columns[0]))
    many = bindparam("limit", type_=Integer)
    page = found.distinct().order_by(tie.clause()).limit(many)
    of_ids = by_ids(rows.where(records.visible()), by_id.key, page)
    return of_ids.order_by(by_id.clause()).limit(many)


def _ids_of(
    records: type[Resource], shape: Shape, by_id: Order, place: int, value: ColumnElement[Any]
) -> Select[Any]:
    """A page of the ids that have one value, in place of what a filter is bound to."""
    filters = list(shape.filters)
    filters[place] = (filters[place][0], "eq")

    def instead(element: Any, **_: Any) -> Any:
        is_it = isinstance(element, BindParameter) and element.key == f"f{place}"
        return value if is_it else None

    asked = conditions(records, replace(shape, filters=tuple(filters)))
    asked = [replacement_traverse(clause, {}, instead) for clause in asked]
    ids = select(by_id.key.label("id")).where(*asked)
    return paged(ids, [by_id], shape.nulls, "limit")


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


def orders_of(records: type[Resource], shape: Shape) -> list[Order]:
    return [Order(records.field_named(name), is_down) for name, is_down in shape.orders]


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
    table = records.searched()
    view = search_view(table)

    def instead(element: Any, **_: Any) -> Any:
        if element is table:
            return view
        return view.c[element.name] if getattr(element, "table", None) is table else None

    return replacement_traverse(rows, {}, instead)
