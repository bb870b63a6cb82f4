"""The verbs that resources share. A rule is a verb overridden: say it, then call `super()`."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import ClauseElement, bindparam, cast, column, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import Text
from ulid import ULID

from nexus.access.scope import Rows
from nexus.db.statements import Sql, Values, compiled, remembered
from nexus.pg.conversion import json_text
from nexus.problems import (
    Conflict,
    InUse,
    NotAllowed,
    NotFound,
    RecordArchived,
    ReferenceArchived,
    Stale,
    ValidationFailed,
    error,
)
from nexus.records.clauses import of_id
from nexus.records.etags import is_current
from nexus.records.reading import CatalogRecords, Record, Records
from nexus.records.references import Reference, own_tenant
from nexus.records.selects import finding

_KEPT: set[ClauseElement] = set()


def kept[E: ClauseElement](sql: E) -> E:
    """SQL that stands for a value in writes, made once: statements with it are kept compiled."""
    _KEPT.add(sql)
    return sql


NOW = kept(func.now())
CALLER = kept(func.nexus.user_id())  # known where the statement runs, so that nobody waits for it
kept(own_tenant)
REASON = Sql("SELECT nexus.because($1)", ("reason",))
REFERENCES_TO = Sql(
    "SELECT resource, count FROM nexus.references_to($1::text::regclass, $2)", ("relation", "id")
)
# What keeps a record that cannot be deleted out of the way.
INSTEAD_OF_DELETE = {"archived_at": "archive", "deactivated_at": "deactivate"}


class CrudService(Records):
    """A verb's first flush brings who calls and what it needs to see; its rules come before.

    `written_references` are those of bodies, where they differ from what is read or are no members.
    """

    written_references: ClassVar[Mapping[str, Reference]] = {}
    is_to_go = False  # what is locked: then nothing refers to it anew

    def authorize_write(self) -> None:
        """Whoever reaches a tenant writes its records."""

    def authorize_delete(self) -> None:
        self.scope.require_administrator()

    def create(self, values: Record) -> Record:
        """A new record, below its parents."""
        self.authorize_write()
        self.check_references(values)
        return self.insert({**self._named_by_path(), **values})

    def update(self, record_id: str, changes: Record) -> Record:
        self.authorize_write()
        record = self.lock(record_id)
        patched = {name: merge_patch(record.get(name), value) for name, value in changes.items()}
        changed = {n: value for n, value in patched.items() if not is_same(record[n], value)}
        self.check_references(changed)
        try:
            self.refuse_change(record)
        except Conflict:
            self.scope.run_all()  # an id of nothing is told before the state of things
            raise
        return self.write(record, changed) if changed else record

    def refuse_change(self, record: Record) -> None:
        """Raises RecordArchived."""
        if record.get("archived_at"):
            raise RecordArchived

    def archive(self, record_id: str, reason: str | None = None) -> Record:
        return self.set_timestamp(record_id, "archived_at", is_set=True, reason=reason)

    def restore(self, record_id: str, reason: str | None = None) -> Record:
        return self.set_timestamp(record_id, "archived_at", is_set=False, reason=reason)

    def delete(self, record_id: str) -> None:
        self.authorize_delete()
        self.is_to_go = True
        self.remove(self.lock(record_id))

    def set_timestamp(
        self, record_id: str, column: str, *, is_set: bool, reason: str | None
    ) -> Record:
        """Set or clear a timestamp; done twice, nothing changes."""
        self.authorize_write()
        record = self.lock(record_id)
        if (record[column] is not None) == is_set:
            return record
        if reason:
            self.scope.run_ahead(REASON, {"reason": reason})
        return self.write(record, {column: NOW if is_set else None})

    def lock(self, record_id: str) -> Record:
        """A record that nobody else changes now. Raises NotFound; Stale if If-Match says so."""
        record, _ = self.lock_and_read(record_id)
        return record

    def lock_and_read(
        self, record_id: str, *reads: tuple[Sql, Values]
    ) -> tuple[Record, Sequence[Rows]]:
        """A record that nobody else changes now, and what is read once it is held. Raises as
        `lock`."""
        self._enter()
        bound = {**self.values(), **self.within, "id": record_id}
        held = (locking(type(self), tuple(self.within), is_to_go=self.is_to_go), bound)
        rows, *found = self.scope.run_all(held, *reads)
        if not rows:
            raise NotFound
        record = self._record(rows[0])
        self.refuse_stale(record)
        return record, found

    def refuse_stale(self, record: Record) -> None:
        if self.scope.if_match is not None and not is_current(record, self.scope.if_match):
            raise Stale("Read the record again and decide anew.", version=record["version"])

    def insert(self, values: Record) -> Record:
        if self.is_of_tenant:
            self.scope.require_tenant()
            values = {"tenant_id": own_tenant, **values}
        return self._write("insert", {"id": str(ULID()), **values})

    def insert_many(self, rows: Sequence[Record]) -> Sequence[Record]:
        """New records with the same members each, in one statement and in its order. Raises
        NoTenantSelected."""
        self.scope.require_tenant()
        new = [{"id": str(ULID()), **row} for row in rows]
        bound = {**self.values(), "rows": json_text(new, default=str)}
        made = self.scope.run(inserting_many(type(self), tuple(new[0])), bound)
        return [self._record(row) for row in made]

    def write(self, record: Record, values: Record) -> Record:
        """Change a locked record."""
        return self._write("update", values, record["id"])

    def remove(self, record: Record) -> None:
        """Delete a locked record with its parts. Raises InUse; nothing new can hold it now."""
        asked = {"relation": self.table.name, "id": record["id"]}
        self.scope.run_ahead(REFERENCES_TO, asked, self._refuse_held)
        self.scope.run(removing(self.table), {"id": record["id"]})

    def check_references(self, values: Mapping[str, Any]) -> None:
        """Have the ids in a body checked in the next flush: in reach, and live. Raises
        ValidationFailed, ReferenceArchived."""
        named = {**self.references, **self.written_references}
        self.check_named([(n, named[n], values[n]) for n in named if values.get(n) is not None])

    def check_named(self, asked: Sequence[tuple[str, Reference, str]]) -> None:
        """The same for ids that are no members: each with its pointer and what it names."""
        if asked:
            ids = {name: [id_] for name, _, id_ in asked}
            named = {name: reference for name, reference, _ in asked}
            self._check_named(ids, named, lambda found: _require_live(ids, found))

    def _named_by_path(self) -> Record:
        named = {n: self.parents[n].columns for n in self.within}
        return {columns[0]: self.within[n] for n, columns in named.items() if columns}

    def _refuse_held(self, rows: Rows) -> None:
        if rows:
            instead = [verb for column, verb in INSTEAD_OF_DELETE.items() if column in self.table.c]
            held = [{"resource": resource, "count": count} for resource, count in rows]
            raise InUse(held, " or ".join(instead))

    def _write(self, verb: str, values: Record, record_id: str | None = None) -> Record:
        """What is SQL is part of the statement."""
        shape = tuple((n, v if isinstance(v, ClauseElement) else None) for n, v in values.items())
        is_kept = all(sql is None or sql in _KEPT for _, sql in shape)
        make = remembered_writing if is_kept else writing
        bound = {f"new_{n}": v for n, v in values.items() if not isinstance(v, ClauseElement)}
        bound |= {**self.values(), **self.within, "id": record_id or values["id"]}
        statements = [(make(type(self), verb, shape), bound)]
        if is_joined(type(self)):
            statements.append((finding(type(self), tuple(self.fields()), ()), bound))
        rows = self.scope.run_all(*statements)[-1]
        if not rows:  # it has left the caller's reach meanwhile
            raise NotFound
        return self._record(rows[0])

    def _record(self, row: list[Any]) -> Record:
        return dict(zip(self.fields(), row, strict=True))


class CatalogService(CatalogRecords, CrudService):
    """A catalog, changed by administrators; the shared records by those of the root tenant."""

    def authorize_write(self) -> None:
        self.scope.require_administrator()

    def lock(self, record_id: str) -> Record:
        try:
            return super().lock(record_id)
        except NotFound:  # the policies let nobody lock what is not the tenant's own
            self.find(record_id, "id")
            raise NotAllowed(
                "A shared record is changed by the root tenant's administrators, in that tenant."
            ) from None


def merge_patch(old: Any, new: Any) -> Any:
    """RFC 7396: an object changes member by member, null removes one."""
    if not isinstance(new, dict):
        return new
    merged = dict(old) if isinstance(old, dict) else {}
    for name, value in new.items():
        merged[name] = merge_patch(merged.get(name), value)
    return {name: value for name, value in merged.items() if name not in new or value is not None}


def is_same(old: Any, new: Any) -> bool:
    """Whether a write would change nothing. In JSON 1.0 is 1 but true is not, to Python it is."""
    if isinstance(new, dict) and isinstance(old, dict):
        return old.keys() == new.keys() and all(is_same(old[name], new[name]) for name in new)
    if isinstance(new, list) and isinstance(old, list):
        return len(old) == len(new) and all(map(is_same, old, new))
    return bool(old == new) and isinstance(old, bool) is isinstance(new, bool)


def _require_live(ids: Mapping[str, Any], rows: Rows) -> None:
    found = {name: archived_at for name, _, archived_at in rows}
    missing = [error(name, "there is no such record") for name in ids if name not in found]
    if missing:
        raise ValidationFailed(*missing)
    for name, archived_at in found.items():
        if archived_at:
            raise ReferenceArchived(name)


@remembered
def locking(records: type[Records], within: tuple[str, ...], *, is_to_go: bool) -> Sql:
    """What holds a record. Others may refer to it anew meanwhile, unless it is to go: if they
    waited, who changes twice what refers to it would."""
    rows = records.select(*records.fields()).where(*of_id(records, within))
    return compiled(rows.with_for_update(of=records.table, key_share=not is_to_go))


def writing(
    records: type[Records], verb: str, shape: tuple[tuple[str, ClauseElement | None], ...]
) -> Sql:
    """INSERT or UPDATE with the record as it is then; values are bound as new_<column>."""
    table = records.table
    values = {
        name: bindparam(f"new_{name}", type_=table.c[name].type) if sql is None else sql
        for name, sql in shape
    }
    is_id = table.c.id == bindparam("id", type_=Text(collation="C"))
    changed = table.insert() if verb == "insert" else table.update().where(is_id)
    shown = [field.column.label(name) for name, field in records.fields().items()]
    changed = changed.values(values)
    return compiled(changed if is_joined(records) else changed.returning(*shown))


remembered_writing = remembered(writing)


@remembered
def inserting_many(records: type[Records], names: tuple[str, ...]) -> Sql:
    """INSERT of a tenant's records, bound as the JSON of `rows`."""
    table = records.table
    columns = [column(name, table.c[name].type) for name in names]
    rows = func.jsonb_to_recordset(cast(bindparam("rows", type_=Text), JSONB))
    new = rows.table_valued(*columns).render_derived("rows", with_types=True)
    selected = select(own_tenant, *(new.c[name] for name in names))
    inserted = table.insert().from_select(["tenant_id", *names], selected)
    shown = [field.column.label(name) for name, field in records.fields().items()]
    return compiled(inserted.returning(*shown))


@remembered
def is_joined(records: type[Records]) -> bool:
    """Whether members are another table's columns, so that a write does not return them."""
    columns = (field.column for field in records.fields().values())
    return any(getattr(column, "table", records.table) is not records.table for column in columns)


@remembered
def removing(table: Any) -> Sql:
    return compiled(table.delete().where(table.c.id == bindparam("id", type_=Text(collation="C"))))
