"""Identities: which of a person's names are in use."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, true

from census.persons.schemas import IdentityRead
from census.reads import PERSON
from census.tables import identities, persons
from nexus.problems import RecordArchived, TooMany, ValidationFailed, error
from nexus.records.parts import PartService
from nexus.records.reading import Record
from nexus.records.resources import Parent


class TooManyIdentities(TooMany):
    constraints = ("ck_identities_per_person",)
    limit = 100
    told = "A person has up to {limit} identities: delete one that is not needed."


class Identities(PartService):
    table = identities
    read = IdentityRead
    path = "/identities/{identity_id}"
    references = {"person_id": PERSON}
    parents = {"person_id": Parent(PERSON, ("person_id",))}
    whole, whole_id = persons, "person_id"

    @classmethod
    def held_columns(cls) -> tuple[str, ...]:
        return (*super().held_columns(), "current_identity_id")

    def authorize_write(self) -> None:
        """Members write persons."""

    def create(self, values: Record) -> Record:
        require_name(values)
        return super().create(values)

    def write(self, record: Record, values: Record) -> Record:
        if record["archived_at"] and "archived_at" not in values:
            raise RecordArchived
        require_name({**record, **values})
        return super().write(record, values)

    def activate(self, record_id: str, reason: str | None = None) -> Record:
        return self.set_timestamp(record_id, "deactivated_at", is_set=False, reason=reason)

    def deactivate(self, record_id: str, reason: str | None = None) -> Record:
        record = self.set_timestamp(record_id, "deactivated_at", is_set=True, reason=reason)
        return self._closed(record)

    def archive(self, record_id: str, reason: str | None = None) -> Record:
        return self._closed(super().archive(record_id, reason))

    def _closed(self, record: Record) -> Record:
        """The database has cleared a current identity that is none any more."""
        if self.held["current_identity_id"] != record["id"]:
            return record
        return {**self.find(record["id"]), "cleared_current_identity": True}


class CurrentIdentities(Identities):
    """A person's one current identity."""

    @classmethod
    def is_named(cls) -> ColumnElement[bool]:
        return cls.table.c.is_current.is_(true())


def require_name(names: Mapping[str, Any], below: str = "") -> None:
    """Raises ValidationFailed for an identity with neither a first nor a last name."""
    if names["first_name"] is None and names["last_name"] is None:
        raise ValidationFailed(error(f"{below}last_name", "give a first or a last name"))
