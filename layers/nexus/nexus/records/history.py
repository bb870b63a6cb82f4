"""What happened to a record, as the events of the audit log tell it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement

from nexus.db.statements import Sql
from nexus.records.query import NO_PARAMS, Page, Params
from nexus.records.reading import Record, Records
from nexus.records.references import Reference, loading

TOLD = ("old", "new", "detail")  # the members that hold what happened


# The last event of the tenant that was exported.
EXPORTED = Sql(
    "SELECT last_id, nexus.ulid_time(last_id) FROM audit_exports"
    " WHERE tenant_id = nexus.tenant_id()"
)


class ExportedUntil(BaseModel):
    exported_until: datetime | None = Field(
        description="What happened until then was exported and is not listed any more; null:"
        " nothing was"
    )


class Logged(Records):
    """Events of the audit log. Where the tenant has the old ones exported, lists tell so."""

    page_members = ExportedUntil

    @classmethod
    def computed(cls) -> Mapping[str, ColumnElement[Any]]:
        return {"created_at": cls.table.c.occurred_at}

    @classmethod
    def keys(cls) -> Mapping[str, ColumnElement[Any]]:
        """All of the time is in the id."""
        return dict.fromkeys(("id", "created_at", "occurred_at"), cls.table.c.id)

    @classmethod
    def checked_filters(cls) -> Mapping[str, Reference]:
        """Events of those who have left are found too."""
        return {}

    def list(self, params: Params = NO_PARAMS) -> Page:
        exported: list[Sequence[Any]] = []
        self._enter()
        self.scope.run_ahead(EXPORTED, {}, exported.extend)
        page = super().list(params)
        until = exported[0][1] if exported else None
        return replace(page, members={"exported_until": until})


class Events(Logged):
    """Those of a record, the newest first. What they name has its name of now: `named` says what a
    value names, by the kind that the database tells (nexus.reference_to)."""

    named: ClassVar[Mapping[str, Reference]] = {}

    def list(self, params: Params = NO_PARAMS) -> Page:
        return super().list({"sort": [["-id"]], **params})

    def _items(self, *asked: Any) -> Sequence[Record]:
        items = super()._items(*asked)
        told = [item[name] for item in items for name in TOLD if name in item]
        if found := list(_references(told)):
            self._name(found)
        return items

    def _name(self, found: Sequence[Record]) -> None:
        """Put names in the place of kinds: all kinds in one wait."""
        ids: dict[Reference, set[str]] = {}
        for one in found:
            ids.setdefault(self.named[one["kind"]], set()).add(one["id"])
        asked = [(loading(reference), {"ids": list(of)}) for reference, of in ids.items()]
        loaded = zip(ids, self.scope.run_all(*asked), strict=True)
        known = {reference: reference.read(rows) for reference, rows in loaded}
        for one in found:
            name = _name_of(known[self.named[one.pop("kind")]].get(one["id"]))
            one["name"] = " ".join(filter(None, [one.pop("wording", None), name])) or None


def _references(value: Any) -> Iterator[Record]:
    """The values that name a record, wherever they are."""
    if isinstance(value, dict) and {"id", "kind"} <= value.keys() <= {"id", "kind", "wording"}:
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def _name_of(record: Any) -> str | None:
    """None for what is gone, or out of the tenant's reach."""
    for member in ("full_name", "username", "name", "key", "title"):
        if told := getattr(record, member, None):
            return str(told)
    return None
