"""Contacts of persons and of identities, two lists apart; each is in a dense order from 0."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Text, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from census.contacts.schemas import ContactRead
from census.contacts.values import stored_value
from census.identities.service import Identities
from census.parts import PartService
from census.persons import Persons
from census.reads import IDENTITY, PERSON, identities_by_id
from census.tables import contacts, identities
from nexus.problems import RecordArchived, ValidationFailed, error
from nexus.records.query import Page, Params
from nexus.records.reading import Record

OWNERS = ("person_id", "identity_id")


class Contacts(PartService):
    table = contacts
    read = ContactRead
    references = {"person_id": PERSON, "identity_id": IDENTITY}
    identity_archived_at: datetime | None = None  # as it was when its contact was held

    def person_id(self) -> ColumnElement[str]:
        c = identities.c
        through = select(c.person_id).where(
            c.tenant_id == contacts.c.tenant_id, c.id == contacts.c.identity_id
        )
        return func.coalesce(contacts.c.person_id, through.scalar_subquery())

    def list(self, params: Params, *within: ColumnElement[bool]) -> Page:
        """Those of one owner come in their order."""
        is_sorted = not self.within or any(name == "sort" for name, _ in params)
        return super().list(params if is_sorted else [*params, ("sort", "sort_order")], *within)

    def add_to_identity(self, person_id: str, identity_id: str, values: Record) -> Record:
        self.authorize_write()
        self.hold(person_id)
        identity = Identities(self.scope, identities.c.person_id == person_id).find(identity_id)
        self.identity_archived_at = identity["archived_at"]
        return self.insert(
            {"tenant_id": self.scope.tenant_id, "identity_id": identity_id, **values}
        )

    def insert(self, values: Record) -> Record:
        """Behind those that are there."""
        value = stored_value(values["type"], values["value"])
        place = select(func.count()).select_from(contacts).where(*self._beside(values))
        return super().insert({**values, "value": value, "sort_order": place.scalar_subquery()})

    def lock(self, record_id: str, *within: ColumnElement[bool]) -> Record:
        contact = super().lock(record_id, *within)
        if identity_id := contact["identity_id"]:
            identity = identities_by_id(self.scope, [identity_id])[identity_id]
            self.identity_archived_at = identity.archived_at
        return contact

    def write(self, record: Record, values: Record) -> Record:
        if values.keys() & {"type", "value"}:
            becomes = {**record, **values}
            values = {**values, "value": stored_value(becomes["type"], becomes["value"])}
        return super().write(record, values)

    def remove(self, record: Record) -> None:
        """Those behind it move up."""
        super().remove(record)
        behind = contacts.c.sort_order > record["sort_order"]
        moved = contacts.update().where(*self._beside(record), behind)
        self.scope.connection.execute(moved.values(sort_order=contacts.c.sort_order - 1))

    def order(self, person_id: str, contact_ids: Sequence[str]) -> Page:
        """All of a person's contacts in a new order. Raises ValidationFailed for any others."""
        self.authorize_write()
        person = Persons(self.scope).lock(person_id)
        mine = self._beside({"person_id": person_id})
        owned = self.scope.connection.scalars(select(contacts.c.id).where(*mine)).all()
        if sorted(contact_ids) != sorted(owned):
            raise ValidationFailed(
                error("contact_ids", "name each of the person's contacts once, and no others")
            )
        if person["archived_at"]:
            raise RecordArchived
        ids = cast(contact_ids, ARRAY(Text))
        place = func.unnest(ids).table_valued("id", with_ordinality="place").render_derived()
        moved = contacts.update().where(*mine, contacts.c.id == place.c.id)
        moved = moved.values(sort_order=place.c.place - 1).returning(*self._labelled())
        rows = self.scope.connection.execute(moved).mappings()
        return Page(sorted(map(dict, rows), key=lambda row: row["sort_order"]), None)

    def refuse_archived(self) -> None:
        super().refuse_archived()
        if self.identity_archived_at:
            raise RecordArchived("The identity is archived: restore it first.")

    def _beside(self, record: Record) -> Sequence[ColumnElement[bool]]:
        """The contacts of the same person or identity."""
        (owner,) = (name for name in OWNERS if record.get(name))
        return (contacts.c.tenant_id == self.scope.tenant_id, contacts.c[owner] == record[owner])
