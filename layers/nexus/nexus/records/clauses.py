"""What a list's query asks of its records, as clauses; what varies between requests is bound."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
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
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.visitors import replacement_traverse
from sqlalchemy.types import Integer, Text

from nexus.access.scope import ROOT_TENANT_ID
from nexus.db.statements import remembered
from nexus.records.fields import BEGINS, ENDS, RANGED
from nexus.records.keyset import Order
from nexus.records.references import own_tenant
from nexus.records.resources import Resource

GRAMS = ARRAY(Integer)
# Filters that letters find, each by what looks at one record instead.
LATE = {"contains": "contains", "has": "held"}


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

    @property
    def parts(self) -> Sequence[int]:
        """The places of the filters by a part of a text."""
        return [n for n, (_, operator) in enumerate(self.filters) if operator == "contains"]

    @property
    def late(self) -> Sequence[int]:
        """The places of the filters that records are better looked at for on the way."""
        return [n for n, (_, operator) in enumerate(self.filters) if operator in LATE]

    @property
    def is_searched(self) -> bool:
        return self.words > 0 or bool(self.parts)

    @property
    def ranges(self) -> Sequence[int]:
        """The places of the filters by a range of what is sorted by first."""
        first = self.orders[0][0] if self.orders else ""
        return [n for n, told in enumerate(self.filters) if told[0] == first and told[1] in RANGED]

    @property
    def passed(self) -> Sequence[int]:
        """Of these the places of what all that is behind a cursor passes: beside the cursor, the
        index might be entered where the range begins, and be walked from there."""
        if self.nulls is None:
            return []
        begins = ENDS if self.orders[0][1] else BEGINS
        return [n for n in self.ranges if self.filters[n][1] in begins]


def orders_of(records: type[Resource], shape: Shape) -> Sequence[Order]:
    orders = [Order(records.field_named(name), down) for name, down in shape.orders]
    orders[0] = replace(orders[0], is_filled=bool(shape.ranges))
    return records.tied(orders)


def of_id(records: type[Resource], within: Sequence[str]) -> list[ColumnElement[bool]]:
    """The record of the id that is bound as id, below its parents."""
    return [records.visible(), records.is_named(), *_below(records, within)]


def _below(records: type[Resource], within: Sequence[str]) -> list[ColumnElement[bool]]:
    found = [records.parents[name].condition(records.table, name) for name in within]
    return [clause for clause in found if clause is not None]


def conditions(
    records: type[Resource], shape: Shape, *, is_by_letters: bool = False
) -> list[ColumnElement[bool]]:
    """All that is asked; where an index finds it by its letters alone, with the wall for that."""
    wall = records.visible_by_letters() if is_by_letters else records.visible()
    asked = _filtered_but(records, shape, ())
    words = _words(shape)
    parts = [bindparam(f"f{place}", type_=Text) for place in shape.parts]
    held = [_holds(records, word) for word in words]
    grams = _has_grams(records, [*words, *parts])
    return [wall, *_given(records, shape), *asked, *held, *grams]


def conditions_but(
    records: type[Resource], shape: Shape, places: Collection[int]
) -> list[ColumnElement[bool]]:
    """All but those of the filters in some places, and what is searched for."""
    asked = _filtered_but(records, shape, places)
    return [records.visible(), *_given(records, shape), *asked]


def _filtered_but(
    records: type[Resource], shape: Shape, places: Collection[int]
) -> list[ColumnElement[bool]]:
    others = {*range(len(shape.filters))} - {*places, *shape.passed}
    return [filtered(records, shape, place) for place in sorted(others)]


def filtered(records: type[Resource], shape: Shape, place: int) -> ColumnElement[bool]:
    """What the filter in a place asks."""
    name, operator = shape.filters[place]
    return records.field_named(name).condition(operator, f"f{place}")


def searched(records: type[Resource], shape: Shape) -> list[ColumnElement[bool]]:
    """What is searched for, as one looks at each record."""
    late = []
    for place in shape.late:
        name, operator = shape.filters[place]
        late.append(records.field_named(name).condition(LATE[operator], f"f{place}"))
    return [*(_holds(records, word) for word in _words(shape)), *late]


def _given(records: type[Resource], shape: Shape) -> list[ColumnElement[bool]]:
    """The parents and the choices."""
    return [*_below(records, shape.within), *chosen(records, shape)]


def chosen(records: type[Resource], shape: Shape) -> list[ColumnElement[bool]]:
    """What the parameters of a few values ask."""
    choices = records.choices()
    clauses = [choices[name][value] for name, value in shape.choices]
    return [clause for clause in clauses if clause is not None]


def _words(shape: Shape) -> list[ColumnElement[str]]:
    return [bindparam(f"w{place}", type_=Text) for place in range(shape.words)]


def _holds(records: type[Resource], word: ColumnElement[str]) -> ColumnElement[bool]:
    """That the searched text holds a word. Not `> 0`: for how often that is so, the planner has a
    poorer guess."""
    place = func.strpos(records.searched().c.search, func.nexus.fold_search(word))
    return place != literal_column("0")


def _has_grams(
    records: type[Resource], words: Sequence[ColumnElement[str]]
) -> list[ColumnElement[bool]]:
    """That it holds the words' letters, which an index finds."""
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


def from_view(records: type[Resource], rows: Select[Any], shape: Shape) -> Any:
    return in_view(records, rows) if shape.is_searched else rows


def in_view(records: type[Resource], rows: Select[Any]) -> Any:
    """What is selected, as its index serves it that is not leakproof."""
    views: dict[Any, Table] = {table: search_view(table) for table in records.searched_beside()}

    def instead(element: Any, **_: Any) -> Any:
        if element in views:
            return views[element]
        view = views.get(getattr(element, "table", None))
        return None if view is None else view.c[element.name]

    return replacement_traverse(rows, {}, instead)
