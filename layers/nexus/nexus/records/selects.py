"""The SELECTs of records, each compiled once for its shape; what varies between requests is bound.

Whatever is asked of `records` here is said by its class, which sees no request.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from sqlalchemy import (
    ColumnElement,
    MetaData,
    Select,
    Table,
    bindparam,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.visitors import replacement_traverse
from sqlalchemy.types import Integer, Text

from nexus.access.scope import ROOT_TENANT_ID
from nexus.db.statements import Sql, compiled, remembered
from nexus.records.keyset import Order, paged
from nexus.records.references import own_tenant
from nexus.records.resources import Resource

GRAMS = ARRAY(Integer)


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
    rows = records.select(*shape.needed).add_columns(*keys).where(*conditions(records, shape))
    rows = records.joined(rows, orders)
    return compiled(_from_view(records, paged(rows, orders, shape.nulls, "limit"), shape))


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
    if not shape.words and all(operator != "contains" for _, operator in shape.filters):
        return rows
    table = records.searched()
    view = search_view(table)

    def instead(element: Any, **_: Any) -> Any:
        if element is table:
            return view
        return view.c[element.name] if getattr(element, "table", None) is table else None

    return replacement_traverse(rows, {}, instead)
