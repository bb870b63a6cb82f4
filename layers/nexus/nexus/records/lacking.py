"""Records that lack a value, which others have in a row elsewhere. No index finds what is not
there: one finds those that are alike, of which all lack it or none."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, literal_column, select, true, tuple_
from sqlalchemy.sql.visitors import replacement_traverse
from sqlalchemy.types import Integer

from nexus.records.clauses import Shape, chosen, conditions_but, filtered, in_view
from nexus.records.keyset import LIMIT, Order, keyset_condition
from nexus.records.merging import of_ids, on_the_way_or_else
from nexus.records.resources import Resource

WALKED = 1_000  # records, for each of which a value is looked for


def lacking(
    records: type[Resource], shape: Shape, rows: Select[Any], by_id: Order, places: Sequence[int]
) -> Select[Any]:
    """By the filters in some places, all of which ask for what lacks a value."""
    lack = and_(*(filtered(records, shape, place) for place in places))
    start = None if shape.nulls is None else 0
    ids = ids_lacking(records, shape, lack, by_id, start, places=places)
    return of_ids(records, rows, [by_id], ids)


def ids_lacking(
    records: type[Resource],
    shape: Shape,
    lack: ColumnElement[bool],
    by_id: Order,
    start: int | None,
    many: ColumnElement[int] = LIMIT,
    places: Sequence[int] = (),
) -> Select[Any]:
    """The ids of a page, behind the one that is bound as key<start>: of the first records those
    that lack it, or else of each that are alike, merged."""
    asked = conditions_but(records, shape, places)
    ids = select(by_id.key.label("id"), by_id.key.label("key0"))
    ids = ids.select_from(records.source()).where(*asked)
    first = ids if start is None else ids.where(keyset_condition([by_id], [False], start))
    first = first.order_by(by_id.clause()).limit(literal_column(str(WALKED), Integer))

    def is_asked(row: Any) -> Any:
        def instead(element: Any, **_: Any) -> Any:
            return row.id if element is by_id.key else None

        return replacement_traverse(lack, {}, instead)

    some = _one_of_each(records, shape)
    those = select(some.c.alike).where(some.c.is_chosen, is_asked(some.c))
    alike = those.cte("lacking").prefix_with("MATERIALIZED")
    page = in_view(records, _of_one(records, ids, alike.c.alike, by_id, start))
    page = page.limit(many).correlate(alike).lateral("page")
    each = select(page).select_from(alike.join(page, true())).order_by(by_id.clause(page.c.id))
    return on_the_way_or_else([by_id], first, is_asked, each, many, WALKED)


def _of_one(
    records: type[Resource],
    ids: Select[Any],
    those: ColumnElement[Any],
    by_id: Order,
    start: int | None,
) -> Select[Any]:
    """As a range that ends with them: else the planner looks for them among all, by their ids."""
    key, is_down = _alike(records), by_id.is_descending
    if start is None:
        begins = key <= those if is_down else key >= those
    else:
        here, there = tuple_(key, by_id.key), tuple_(those, by_id.bind(start))
        begins = here < there if is_down else here > there
    ends = key >= those if is_down else key <= those
    return ids.where(begins, ends).order_by(key.desc() if is_down else key, by_id.clause())


def _one_of_each(records: type[Resource], shape: Shape) -> CTE:
    """One record of each that are alike: in their index, the first behind those found before."""
    alike = _alike(records)
    is_chosen = and_(true(), *chosen(records, shape)).label("is_chosen")
    rows = select(alike.label("alike"), records.table.c.id, is_chosen).where(records.visible())
    rows = rows.order_by(alike, records.table.c.id).limit(1)
    found: CTE = in_view(records, rows).cte("some", recursive=True)
    more = in_view(records, rows.where(alike > found.c.alike)).correlate(found).lateral("more")
    return found.union_all(select(more).select_from(found.join(more, true())))


def _alike(records: type[Resource]) -> ColumnElement[Any]:
    assert records.alike is not None  # noqa: S101 - for the type checker
    return records.alike
