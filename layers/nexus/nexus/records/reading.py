"""Rows of one table as records: selecting, locking, writing, with the tenant's wall around them."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, cast

from sqlalchemy import (
    ColumnElement,
    MetaData,
    Select,
    Table,
    Text,
    and_,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.visitors import replacement_traverse
from ulid import ULID

from nexus.access.scope import ROOT_TENANT_ID, Scope
from nexus.problems import InUse, NotFound, ReferenceArchived, Stale, ValidationFailed, error
from nexus.records.fields import Field
from nexus.records.query import Page, Params, Query, Reference
from nexus.records.schemas import Read

Record = dict[str, Any]
TRIGRAM = 3
# What keeps a record that cannot be deleted out of the way.
INSTEAD_OF_DELETE = {"archived_at": "archive", "deactivated_at": "deactivate"}
REFERENCES_TO = text(
    "SELECT resource, count FROM nexus.references_to(CAST(:relation AS regclass), :id)"
)


def etag(version: int, of: str = "") -> str:
    """Of a record's version; `of` is its id where a path leads to another record later."""
    return f'"{of}-{version}"' if of else f'"{version}"'


class Records:
    """The records of `table` that a scope sees, made of the members of `read`."""

    table: ClassVar[Table]
    read: ClassVar[type[Read]]
    references: ClassVar[Mapping[str, Reference]] = {}

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def visible(self) -> ColumnElement[bool]:
        """The wall: policies stand behind it, but only a named tenant_id uses the indexes."""
        clause: ColumnElement[bool] = self.table.c.tenant_id == self.scope.tenant
        return clause

    def computed(self) -> Mapping[str, ColumnElement[Any]]:
        """Members of `read` that are no column of the table."""
        return {}

    @cached_property
    def fields(self) -> dict[str, Field]:
        columns = {**self.table.c, **self.computed()}
        return {
            name: Field(name, columns[name], info.annotation)
            for name, info in self.read.model_fields.items()
        }

    @classmethod
    def parameters(cls) -> Sequence[str]:
        """What a list takes besides its fields."""
        names = ["limit", "cursor", "count", "sort", "fields"]
        names += ["expand"] if cls.references else []
        names += ["q"] if "search" in cls.table.c else []
        names += ["archived"] if "archived_at" in cls.table.c else []
        return names

    @classmethod
    def own_parameters(cls) -> Sequence[str]:
        """What a single record takes."""
        return [name for name in cls.parameters() if name in {"fields", "expand"}]

    def list(self, params: Params, *within: ColumnElement[bool]) -> Page:
        query = Query(params, self.fields, self.parameters(), is_list=True)
        where = and_(self.visible(), *within, *self.asked(query))
        orders, expanded = query.orders, query.expanded(self.references)
        needed = dict.fromkeys([*query.selected, *expanded, *(o.field.name for o in orders)])
        page = self.select(*needed).where(where).order_by(*(o.clause() for o in orders))
        if query.goes_on:
            page = page.where(query.after(self._place()))
        page = self._searched(page, query.words)
        found = self.scope.execute(page.limit(query.limit + 1)).all()
        rows = [dict(zip(needed, row, strict=True)) for row in found[: query.limit]]
        more = len(found) > query.limit
        cursor = (
            query.cursor([rows[-1][o.field.name] for o in orders], self._place()) if more else None
        )
        counted = query.choice("count", "false", "true") == "true"
        total = self._count(where, query.words) if counted else None
        return Page(self._shown(rows, query.selected, expanded), cursor, total)

    def asked(self, query: Query) -> Sequence[ColumnElement[bool]]:
        """The conditions of a query string."""
        self.check_filters(query)
        conditions = [given.clause() for given in query.filters]
        if "archived_at" in self.table.c:
            archived = self.table.c.archived_at
            wanted = query.choice("archived", "false", "true", "any")
            conditions += {
                "false": [archived.is_(None)],
                "true": [archived.is_not(None)],
                "any": [],
            }[wanted]
        return conditions

    def find(self, record_id: str, params: Params = ()) -> Record:
        """A record by id. Raises NotFound."""
        query = Query(params, self.fields, self.own_parameters())
        expanded = query.expanded(self.references)
        needed = dict.fromkeys([*query.selected, *expanded, "version"])
        asked = self.select(*needed).where(self.visible(), self.table.c.id == record_id)
        row = self.scope.execute(asked).one_or_none()
        if row is None:
            raise NotFound
        record = dict(zip(needed, row, strict=True))
        return self._shown([record], [*query.selected, "version"], expanded)[0]

    def lock(self, record_id: str, *within: ColumnElement[bool]) -> Record:
        """A record that nobody else changes now. Raises NotFound; Stale if If-Match says so."""
        wanted = and_(self.visible(), self.table.c.id == record_id, *within)
        asked = self.select(*self.fields).where(wanted)
        asked = asked.with_for_update(of=self.table)
        row = self.scope.connection.execute(asked).mappings().one_or_none()
        if row is None:
            raise NotFound
        record = dict(row)
        self.refuse_stale(record)
        return record

    def refuse_stale(self, record: Record) -> None:
        asked = self.scope.if_match
        if asked is None or asked.strip() == "*":
            return
        tags = {tag.strip() for tag in asked.split(",")}
        if not tags & {etag(record["version"]), etag(record["version"], record["id"])}:
            raise Stale("Read the record again and decide anew.", version=record["version"])

    def insert(self, values: Record) -> Record:
        made = (
            self.table.insert().values({"id": str(ULID()), **values}).returning(*self._labelled())
        )
        return dict(self.scope.connection.execute(made).mappings().one())

    def write(self, record: Record, values: Record) -> Record:
        """Change a locked record."""
        changed = self.table.update().where(self.table.c.id == record["id"]).values(values)
        changed = changed.returning(*self._labelled())
        return dict(self.scope.connection.execute(changed).mappings().one())

    def remove(self, record: Record) -> None:
        """Delete a locked record with its parts. Raises InUse; nothing new can hold it now."""
        asked = {"relation": self.table.name, "id": record["id"]}
        held = self.scope.connection.execute(REFERENCES_TO, asked).mappings().all()
        if held:
            instead = [verb for moment, verb in INSTEAD_OF_DELETE.items() if moment in self.table.c]
            raise InUse([dict(row) for row in held], " or ".join(instead))
        self.scope.connection.execute(self.table.delete().where(self.table.c.id == record["id"]))

    def check_references(self, values: Record) -> None:
        """Ids in a body are in reach and live. Raises ValidationFailed, ReferenceArchived."""
        asked = {name: values[name] for name in self.references if values.get(name) is not None}
        loaded = {n: self.references[n].load(self.scope, [i]).get(i) for n, i in asked.items()}
        missing = [error(name, "there is no such record") for name in asked if loaded[name] is None]
        if missing:
            raise ValidationFailed(*missing)
        for name, found in loaded.items():
            if getattr(found, "archived_at", None):
                raise ReferenceArchived(name)

    def select(self, *names: str) -> Select[Any]:
        return select(*(self.fields[name].column.label(name) for name in names))

    def _labelled(self) -> Sequence[ColumnElement[Any]]:
        return [field.column.label(name) for name, field in self.fields.items()]

    def _place(self) -> str:
        """What a cursor is bound to besides its query."""
        return f"{self.table.name} {self.scope.selected_tenant_id}"

    def _count(self, where: ColumnElement[bool], words: Sequence[str]) -> int:
        counted = select(func.count()).select_from(self.table).where(where)
        return int(self.scope.connection.execute(self._searched(counted, words)).scalar_one())

    def _searched(self, asked: Select[Any], words: Sequence[str]) -> Select[Any]:
        """Each word is in the folded text. From the view: under a policy LIKE uses no index."""
        if not words:
            return asked
        texts = [self._holds(word) for word in words]
        view = self.table.to_metadata(MetaData(), schema="search")

        def instead(element: Any, **_: Any) -> Any:
            if element is self.table:
                return view
            return view.c[element.name] if getattr(element, "table", None) is self.table else None

        found: Any = replacement_traverse(asked.where(*texts), {}, instead)
        return cast("Select[Any]", found)

    def _holds(self, word: str) -> ColumnElement[bool]:
        """That the searched text holds a word."""
        searched = self.table.c.search
        if len(word) >= TRIGRAM:
            is_like: ColumnElement[bool] = searched.like(func.nexus.pattern(word))
            return is_like
        # One or two letters make no trigram: another index finds them. Where they are frequent,
        # records are walked, and a look at the text costs less than at its letters. LIKE would be
        # expected to leave a fraction of what the index finds, though it means the same.
        folded = func.nexus.fold(word)
        grams = func.nexus.short_grams(searched, type_=ARRAY(Text))
        return and_(
            func.strpos(searched, folded) > 0, grams.contains(func.nexus.query_grams(folded))
        )

    def check_filters(self, query: Query) -> None:
        """Raises ValidationFailed for references to nothing in reach."""
        for given in query.filters:
            reference = self.references.get(given.field.name)
            if reference and given.operator in ("in", "ne"):
                missing = set(given.values) - set(reference.load(self.scope, given.values))
                if missing:
                    raise ValidationFailed(error(given.field.name, "there is no such record"))

    def _shown(
        self, rows: Sequence[Record], names: Sequence[str], expanded: Sequence[str]
    ) -> Sequence[Record]:
        """Just the members asked for, with references embedded, in one query each."""
        shown = [{name: row[name] for name in names} for row in rows]
        for name in expanded:
            ids = {row[name] for row in rows if row[name] is not None}
            found = self.references[name].load(self.scope, ids) if ids else {}
            for row, record in zip(rows, shown, strict=True):
                record[name.removesuffix("_id")] = found.get(row[name])
        return shown


class CatalogRecords(Records):
    """A catalog: the tenant's own records beside the root tenant's, which all tenants share."""

    @classmethod
    def parameters(cls) -> Sequence[str]:
        return [*super().parameters(), "scope"]

    def visible(self) -> ColumnElement[bool]:
        tenant_id = self.table.c.tenant_id
        return or_(tenant_id == self.scope.tenant, tenant_id == ROOT_TENANT_ID)

    def asked(self, query: Query) -> Sequence[ColumnElement[bool]]:
        wanted = query.choice("scope", "all", "own", "shared")
        only = {"all": [], "own": [self.scope.tenant], "shared": [ROOT_TENANT_ID]}[wanted]
        return [*super().asked(query), *(self.table.c.tenant_id == tenant for tenant in only)]
