"""Identities: which of a person's names are in use."""

from sqlalchemy import ColumnElement

from census.identities.schemas import IdentityRead
from census.parts import PartService
from census.reads import PERSON
from census.tables import identities
from nexus.problems import RecordArchived
from nexus.records.reading import Record


class Identities(PartService):
    table = identities
    read = IdentityRead
    references = {"person_id": PERSON}

    def person_id(self) -> ColumnElement[str]:
        return identities.c.person_id

    def write(self, record: Record, values: Record) -> Record:
        if record["archived_at"] and "archived_at" not in values:
            raise RecordArchived
        return super().write(record, values)

    def activate(self, record_id: str, reason: str | None = None) -> Record:
        return self.set_timestamp(record_id, "deactivated_at", is_set=False, reason=reason)

    def deactivate(self, record_id: str, reason: str | None = None) -> Record:
        return self._told(
            self.set_timestamp(record_id, "deactivated_at", is_set=True, reason=reason)
        )

    def archive(self, record_id: str, reason: str | None = None) -> Record:
        return self._told(super().archive(record_id, reason))

    def _told(self, record: Record) -> Record:
        """The database has cleared a current identity that is none any more."""
        was_current = self.person.current_identity_id == record["id"]
        return {**record, "cleared_current_identity": True} if was_current else record
