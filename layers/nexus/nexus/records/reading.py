"""Reading: the records of a table that a scope sees, one by one and in pages.

What decides a statement's shape is said by class methods, which see no request: its SQL is compiled
once and kept for all (`Shape`). A request's own values are bound.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic_core import to_json

from nexus.access.scope import ROOT_TENANT_ID, Rows, Scope
from nexus.problems import NotFound, ValidationFailed, error
from nexus.records.clauses import Shape
from nexus.records.fields import RANGED
from nexus.records.query import NO_PARAMS, Page, Params, Query
from nexus.records.references import Reference, checking, loading, own_tenant
from nexus.records.resources import Choices, Resource
from nexus.records.selects import counting, finding, listing, placing

Record = dict[str, Any]
BY_VALUE = ("eq", "in", "differs", "ne")  # operators that name records
# Lambda hands 6 MB on; what is embedded and around it takes its share.
MAX_PAGE_BYTES = 4_000_000


class Records(Resource):
    """The records of a resource that a scope sees."""

    def __init__(self, scope: Scope, within: Mapping[str, str] | None = None) -> None:
        """`within` has the ids of the path's parents."""
        self.scope = scope
        self.within = within or {}

    def values(self) -> Record:
        """What the class's own conditions bind."""
        return {}

    def list(self, params: Params = NO_PARAMS) -> Page:
        """A page of what a query string asks for, in one wait; each filter by a reference and each
        parent is checked with it, what is embedded takes another."""
        query = self._query(params)
        query.default_sort = self._default_sort(query)
        expanded = query.expanded(self.embeddable())
        shape, values = self._shape(query, expanded), self._bound(query)
        self._check_ahead(query)
        is_counted = query.choice("count", "false", "true") == "true"
        statements = [(listing(type(self), shape), values)]
        statements += [(counting(type(self), shape), values)] if is_counted else []
        found, *counted = self.scope.run_all(*statements)
        if not found:
            self._require_parents()
        rows = found[: query.limit]
        items = self._items(rows, shape.needed, query.selected, expanded)
        return self._page(query, found, items, counted[0][0][0] if counted else None)

    def get(self, record_id: str, params: Params = NO_PARAMS) -> Record:
        """A record by id, as a query string asks for it, and in any case what its ETag is made of.
        Raises NotFound."""
        query = Query(params, self.fields(), self.own_parameters())
        expanded = query.expanded(self.embeddable())
        tagged = [name for name in ("version", "id") if name in self.fields()]
        names = list(dict.fromkeys([*query.selected, *tagged]))
        needed = tuple(dict.fromkeys([*names, *expanded]))
        (record,) = self._items([self._row(record_id, needed)], needed, names, expanded)
        return record

    def find(self, record_id: str, *names: str) -> Record:
        """A record by id, or just some of its members. Raises NotFound."""
        needed = names or tuple(self.fields())
        return dict(zip(needed, self._row(record_id, needed), strict=True))

    def find_ahead(self, record_id: str) -> None:
        """Have it looked for in the next flush. Raises NotFound then."""
        self._enter()
        bound = {**self.values(), **self.within, "id": record_id}
        self.scope.run_ahead(finding(type(self), ("id",), tuple(self.within)), bound, _require_row)

    def _row(self, record_id: str, needed: tuple[str, ...]) -> Sequence[Any]:
        self._enter()
        sql = finding(type(self), needed, tuple(self.within))
        rows = self.scope.run(sql, {**self.values(), **self.within, "id": record_id})
        if not rows:
            raise NotFound
        return rows[0]

    def _query(self, params: Params) -> Query:
        return Query(params, self.fields(), self.parameters(), self.filters(), self.sorts())

    def _default_sort(self, query: Query) -> Sequence[str]:
        """Where nothing but a range of one member narrows a list, that member: an index has the
        range in its order, but in that of the ids it is looked for from the first record on. What
        else narrows a list may be found sooner by its own index, which has the ids in order."""
        fields = {given.field.name: given.field for given in query.filters}
        is_of_ranges = all(given.operator in RANGED for given in query.filters)
        if len(fields) != 1 or not is_of_ranges or self._is_narrowed(query):
            return ()
        ((name, field),) = fields.items()
        is_by_id = field.key is None or field.key is query.fields["id"].key
        return () if is_by_id else (name,)

    def _is_narrowed(self, query: Query) -> bool:
        """Whether it is by more than its filters, and than what every list is by default."""
        choices = self.choices()
        chosen = {name: query.choice(name, *values) for name, values in self.options().items()}
        others = [name for name, value in chosen.items() if value != self.options()[name][0]]
        is_chosen = any(choices[name][chosen[name]] is not None for name in others)
        return bool(self.within or query.text or is_chosen)

    def _enter(self) -> None:
        if self.is_of_tenant:
            self.scope.require_tenant()

    def _shape(self, query: Query, expanded: Sequence[str]) -> Shape:
        chosen = {name: query.choice(name, *values) for name, values in self.options().items()}
        cursor = query.cursor
        return Shape(
            needed=tuple(dict.fromkeys([*query.selected, *expanded])),
            within=tuple(self.within),
            filters=tuple((given.field.name, given.operator) for given in query.filters),
            choices=tuple(chosen.items()),
            words=len(self.words(query.text)) if "q" in self.parameters() else 0,
            orders=tuple((order.field.name, order.is_descending) for order in query.orders),
            nulls=tuple(key is None for key in cursor.keys) if cursor else None,
        )

    def _bound(self, query: Query) -> Record:
        values = {**self.values(), **self.within, "limit": query.limit + 1}
        for place, given in enumerate(query.filters):
            values |= given.field.binds(given, f"f{place}")
        for place, word in enumerate(self.words(query.text)):
            values[f"w{place}"] = word
        for place, key in enumerate(query.cursor.keys if query.cursor else ()):
            values[f"key{place}"] = key
        return values

    def _check_ahead(self, query: Query) -> None:
        """Rules that the list's flush brings the answers to, before its rows are looked at."""
        self._enter()
        if query.cursor:
            self.scope.when_known(lambda: query.check_cursor(self._cursor_context()))
        known = self.checked_filters()
        asked = {
            parameter: given
            for parameter, given in query.asked.items()
            if given.field.name in known and given.operator in BY_VALUE
        }
        ids = {parameter: list(given.values) for parameter, given in asked.items()}
        named = {parameter: known[given.field.name] for parameter, given in asked.items()}
        self.require_named(ids, named)
        if any(not self.parents[name].columns for name in self.within):
            self._require_parents_ahead()

    def _cursor_context(self) -> str:
        """What a cursor is bound to besides its query: one list of one tenant."""
        ids = " ".join(self.within.values())
        return f"{type(self).__qualname__} {self.scope.selected_tenant_id} {ids}"

    def _require_parents(self) -> None:
        """Raises NotFound if a list is empty because what it is below is not there."""
        if self.within and all(self.parents[name].columns for name in self.within):
            self._require_parents_ahead()
            self.scope.run_all()

    def _require_parents_ahead(self) -> None:
        def require(rows: Rows) -> None:
            if len(rows) < len(self.within):
                raise NotFound

        self._enter()
        self.scope.run_ahead(placing(type(self), tuple(self.within)), self.within, require)

    def require_named(
        self, ids: Mapping[str, Sequence[str]], named: Mapping[str, Reference]
    ) -> None:
        """Have ids looked for in the next flush, by parameter. Raises ValidationFailed then."""
        if ids:
            self._check_named(ids, named, lambda found: _require_found(ids, found))

    def _check_named(
        self,
        ids: Mapping[str, Any],
        named: Mapping[str, Reference],
        then: Callable[[Rows], None],
    ) -> None:
        sql = checking(tuple((name, named[name]) for name in ids))
        self.scope.run_ahead(sql, ids, then)

    def _items(
        self,
        rows: Sequence[Sequence[Any]],
        needed: Sequence[str],
        names: Sequence[str],
        expanded: Sequence[str],
    ) -> Sequence[Record]:
        """Just the members asked for, with references embedded, all in one flush."""
        records = [dict(zip(needed, row, strict=False)) for row in rows]
        if not expanded and len(names) == len(needed):
            return records
        loaded = self._load(records, expanded)
        items = [{name: record[name] for name in names} for record in records]
        for name, found in zip(expanded, loaded, strict=True):
            embedded = self.embedded_as(name)
            for record, item in zip(records, items, strict=True):
                item[embedded] = found.get(record[name])
        return items

    def _load(self, records: Sequence[Record], names: Sequence[str]) -> Sequence[Mapping[str, Any]]:
        ids = [list({r[name] for r in records if r[name] is not None}) for name in names]
        references = [self.references[name] for name in names]
        if not any(ids):
            return [{} for _ in names]
        statements = [
            (loading(reference), {"ids": wanted})
            for reference, wanted in zip(references, ids, strict=True)
        ]
        found = self.scope.run_all(*statements)
        return [reference.read(rows) for reference, rows in zip(references, found, strict=True)]

    def _page(
        self,
        query: Query,
        found: Sequence[Sequence[Any]],
        items: Sequence[Record],
        total: int | None,
    ) -> Page:
        """Ends before its limit where it would be too large for Lambda."""
        body, kept = _fitting(items)
        cursor = None
        if kept < len(found):
            keys = found[kept - 1][-len(query.orders) :]
            cursor = query.next_cursor(keys, self._cursor_context())
        return Page(body, cursor, total)


class CatalogRecords(Records):
    """A catalog: the tenant's own records beside the root tenant's, which all tenants share."""

    is_shared = True

    @classmethod
    def choices(cls) -> Mapping[str, Choices]:
        tenant_id = cls.table.c.tenant_id
        scopes = {"own": tenant_id == own_tenant, "shared": tenant_id == ROOT_TENANT_ID}
        return {**super().choices(), "scope": {"all": None, **scopes}}


def _require_row(rows: Rows) -> None:
    if not rows:
        raise NotFound


def _size(body: bytes) -> int:
    """What it takes in the JSON that a Lambda answers with, as a string."""
    return len(body) + body.count(b'"') + body.count(b"\\")


def _fitting(items: Sequence[Record]) -> tuple[bytes, int]:
    """The items as JSON, and how many of them that are: at least one."""
    body = to_json(items)
    if _size(body) <= MAX_PAGE_BYTES:
        return body, len(items)
    kept, size = 0, 0
    for item in items:
        size += _size(to_json(item)) + 1
        if kept and size > MAX_PAGE_BYTES:
            break
        kept += 1
    return to_json(items[:kept]), kept


def _require_found(wanted: Mapping[str, Sequence[str]], rows: Rows) -> None:
    found = {(row[0], row[1]) for row in rows}
    missing = [name for name, ids in wanted.items() if any((name, i) not in found for i in ids)]
    if missing:
        raise ValidationFailed(*(error(name, "there is no such record") for name in missing))
