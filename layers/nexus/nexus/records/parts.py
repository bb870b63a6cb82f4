"""Parts of a whole: whoever changes one holds the whole's row, so that they take turns."""

from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Select, Table, bindparam, select
from sqlalchemy.types import Text

from nexus.access.scope import Rows
from nexus.db.statements import Sql, compiled, remembered
from nexus.problems import NotAllowed, NotFound, RecordArchived, ValidationFailed, error
from nexus.records.clauses import of_id
from nexus.records.crud import CrudService
from nexus.records.reading import CatalogRecords, Record
from nexus.records.references import Reference, in_tenant, names_archived

WHOLE = bindparam("whole", type_=Text(collation="C"))


class PartService(CrudService):
    """Parts go with the right to write the whole, which each kind says in `authorize_write`. Those
    of an archived whole stay as they are, and leave default lists with it.
    """

    whole: ClassVar[Table]
    whole_id: ClassVar[str]  # the column that names it, in the path or else in the body
    held: Record  # the whole as it was when it was held

    @classmethod
    def held_columns(cls) -> tuple[str, ...]:
        """What is known of the whole when it is held."""
        return ("id", "archived_at") if "archived_at" in cls.whole.c else ("id",)

    @classmethod
    def of_whole(cls) -> ColumnElement[str]:
        """Which whole a row is a part of."""
        column: ColumnElement[str] = cls.table.c[cls.whole_id]
        return column

    @classmethod
    def is_archived(cls) -> ColumnElement[bool] | None:
        own = super().is_archived()
        if "archived_at" not in cls.whole.c:
            return own
        of_whole = names_archived(cls.whole, cls.of_whole())
        return of_whole if own is None else own | of_whole

    def authorize_write(self) -> None:
        """Refuses whoever may not write the whole."""
        raise NotImplementedError

    def authorize_delete(self) -> None:
        self.authorize_write()

    def create(self, values: Record) -> Record:
        """A new part of the path's whole, or of the body's. Raises NotFound, RecordArchived."""
        self.authorize_write()
        self.check_references(values)
        self.hold_for_new(self.within.get(self.whole_id) or values[self.whole_id])
        return self.insert({**self._named_by_path(), **values})

    def hold_for_new(self, whole_id: str) -> None:
        """Hold the whole in the next flush. Raises NotFound, RecordArchived then."""

        def learn(rows: Rows) -> None:
            self._hold(rows)
            self.refuse_archived()

        self.scope.run_ahead(finding_whole(type(self), is_held=True), {"whole": whole_id}, learn)

    def lock(self, record_id: str) -> Record:
        self.hold_ahead(record_id)
        return super().lock(record_id)

    def hold_ahead(self, record_id: str) -> None:
        """Hold the whole of a part in the next flush. Raises NotFound then."""
        self._enter()
        bound = {**self.values(), **self.within, "id": record_id}
        self.scope.run_ahead(
            finding_whole(type(self), tuple(self.within), is_held=True), bound, self._hold
        )

    def write(self, record: Record, values: Record) -> Record:
        self.refuse_archived()
        return super().write(record, values)

    def remove(self, record: Record) -> None:
        self.refuse_archived()
        super().remove(record)

    def refuse_change(self, record: Record) -> None:
        super().refuse_change(record)
        self.refuse_archived()

    def refuse_archived(self) -> None:
        """Raises RecordArchived."""
        if self.held.get("archived_at"):
            whole = self.whole_id.removesuffix("_id").replace("_", " ")
            raise RecordArchived(f"The {whole} is archived: restore it first.")

    def _hold(self, rows: Rows) -> None:
        if not rows:
            raise NotFound
        self.held = dict(zip(self.held_columns(), rows[0], strict=True))


class HeldService(PartService):
    """Records that take turns by another, which `held_by` names and which is held, and are no parts
    of it: members write them, administrators delete them, and they stay in lists when it is
    archived."""

    held_by: ClassVar[Reference]
    is_named_in_body = False

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "held_by" in vars(cls):
            cls.whole = cls.held_by.table

    @classmethod
    def is_archived(cls) -> ColumnElement[bool] | None:
        return super(PartService, cls).is_archived()

    def authorize_write(self) -> None:
        """Whoever reaches a tenant writes its records."""

    def authorize_delete(self) -> None:
        self.scope.require_administrator()

    def refuse_archived(self) -> None:
        """Each rule says what goes with an archived one."""

    def _hold(self, rows: Rows) -> None:
        """One that a body names may be gone by now."""
        if self.is_named_in_body and not rows:
            raise ValidationFailed(error(self.whole_id, "there is no such record"))
        super()._hold(rows)


class CatalogPartService(CatalogRecords, PartService):
    """Parts of a catalog's records, changed by administrators: those of a shared record are seen by
    all, and changed by whoever may change the whole."""

    is_whole_seen = False

    def authorize_write(self) -> None:
        self.scope.require_administrator()

    def hold_for_new(self, whole_id: str) -> None:
        self.scope.run_ahead(
            finding_whole(type(self), is_held=False), {"whole": whole_id}, self._see
        )
        super().hold_for_new(whole_id)

    def lock(self, record_id: str) -> Record:
        self._enter()
        bound = {**self.values(), **self.within, "id": record_id}
        self.scope.run_ahead(
            finding_whole(type(self), tuple(self.within), is_held=False), bound, self._see
        )
        return super().lock(record_id)

    def _see(self, rows: Rows) -> None:
        self.is_whole_seen = bool(rows)

    def _hold(self, rows: Rows) -> None:
        """The policies let nobody hold what is not the tenant's own."""
        if self.is_whole_seen and not rows:
            raise NotAllowed(
                "A shared record is changed by the root tenant's administrators, in that tenant."
            )
        super()._hold(rows)


@remembered
def finding_whole(
    parts: type[PartService], within: tuple[str, ...] | None = None, *, is_held: bool
) -> Sql:
    """The whole of the id that is bound as whole; with `within`, that of the part of the id that is
    bound as id. One that is held is so until the transaction ends."""
    id_ = WHOLE if within is None else _whole_of(parts, within)
    rows = _wholes(parts, id_)
    return compiled(rows.with_for_update(key_share=True) if is_held else rows)


def _whole_of(parts: type[PartService], within: tuple[str, ...]) -> Any:
    return select(parts.of_whole()).where(*of_id(parts, within)).scalar_subquery()


def _wholes(parts: type[PartService], id_: Any) -> Select[Any]:
    c = parts.whole.c
    rows = select(*(c[name] for name in parts.held_columns())).where(c.id == id_)
    return rows.where(in_tenant(parts.whole, is_shared=parts.is_shared))
