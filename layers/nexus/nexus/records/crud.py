"""The verbs that resources share. A rule is a verb overridden: say it, then call `super()`."""

from typing import Any

from pydantic_core import to_json
from sqlalchemy import ColumnElement, func, text

from nexus.problems import NotAllowed, NotFound, RecordArchived
from nexus.records.query import Params
from nexus.records.reading import CatalogRecords, Record, Records

REASON = text("SELECT set_config('nexus.reason', :reason, true)")


class CrudService(Records):
    def authorize_write(self) -> None:
        """Whoever reaches a tenant writes its records."""

    def authorize_delete(self) -> None:
        self.scope.require_administrator()

    def get(self, record_id: str, params: Params = ()) -> Record:
        return self.find(record_id, params)

    def create(self, values: Record) -> Record:
        self.authorize_write()
        self.check_references(values)
        return self.insert({"tenant_id": self.scope.tenant_id, **values})

    def update(self, record_id: str, changes: Record) -> Record:
        self.authorize_write()
        record = self.lock(record_id)
        patched = {name: merge_patch(record.get(name), value) for name, value in changes.items()}
        changed = {n: value for n, value in patched.items() if not is_same(record[n], value)}
        self.check_references(changed)
        self.refuse_change(record)
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
        self.remove(self.lock(record_id))

    def set_timestamp(
        self, record_id: str, moment: str, *, is_set: bool, reason: str | None
    ) -> Record:
        """Set or clear a timestamp; done twice, nothing changes."""
        self.authorize_write()
        record = self.lock(record_id)
        if (record[moment] is not None) == is_set:
            return record
        if reason:
            self.scope.connection.execute(REASON, {"reason": reason})
        return self.write(record, {moment: func.now() if is_set else None})


class CatalogService(CatalogRecords, CrudService):
    """A catalog, changed by administrators; the shared records by those of the root tenant."""

    def authorize_write(self) -> None:
        self.scope.require_administrator()

    def lock(self, record_id: str, *within: ColumnElement[bool]) -> Record:
        try:
            return super().lock(record_id, *within)
        except NotFound:  # the policies let nobody lock what is not the tenant's own
            self.find(record_id)
            raise NotAllowed(
                "A shared record is changed by the root tenant's administrators."
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
    """Whether a write would change nothing. In JSON 1 is not true, to Python it equals it."""
    return bool(old == new) and (not isinstance(new, dict) or to_json(old) == to_json(new))
