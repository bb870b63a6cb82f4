"""Contacts of persons and of identities, two lists apart; each is in a dense order from 0."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Text, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from census.persons.contact_values import possible_values, stored_value
from census.persons.schemas import ContactRead
from census.persons.service import Persons
from census.reads import IDENTITY, PERSON, IdentityRecord
from census.tables import contacts, identities, persons
from nexus.phones import BETWEEN_DIGITS, is_local_number
from nexus.problems import NotFound, RecordArchived, TooMany, ValidationFailed, error
from nexus.records.parts import PartService
from nexus.records.positions import close_gap, next_position
from nexus.records.query import NO_PARAMS, Page, Params
from nexus.records.reading import Record
from nexus.records.resources import Parent
from system.reads import region

BY_VALUE = {"value", "value__in", "value__ne"}
OWNERS = ("person_id", "identity_id")


class TooManyContacts(TooMany):
    constraints = ("ck_contacts_per_person", "ck_contacts_per_identity")
    limit = 100
    told = "A person or an identity has up to {limit} contacts: delete one that is not needed."


class Contacts(PartService):
    table = contacts
    read = ContactRead
    path = "/contacts/{contact_id}"
    references = {"person_id": PERSON, "identity_id": IDENTITY}
    whole, whole_id = persons, "person_id"
    identity_archived_at: datetime | None = None  # as it was when its contact was held

    def authorize_write(self) -> None:
        """Members write persons."""

    @classmethod
    def keys(cls) -> Mapping[str, ColumnElement[Any]]:
        """Their order is one of an owner's contacts, not of all."""
        return {name: key for name, key in super().keys().items() if name != "sort_order"}

    @classmethod
    def of_whole(cls) -> ColumnElement[str]:
        through = select(identities.c.person_id).where(
            identities.c.tenant_id == contacts.c.tenant_id,
            identities.c.id == contacts.c.identity_id,
        )
        return func.coalesce(contacts.c.person_id, through.scalar_subquery())

    @classmethod
    def source(cls) -> FromClause:
        whose = func.coalesce(contacts.c.person_id, identities.c.person_id)
        with_identity = contacts.outerjoin(identities, identities.c.id == contacts.c.identity_id)
        return with_identity.outerjoin(persons, persons.c.id == whose)

    @classmethod
    def is_archived(cls) -> ColumnElement[bool]:
        return persons.c.archived_at.is_not(None) | identities.c.archived_at.is_not(None)

    @classmethod
    def words(cls, text: str) -> Sequence[str]:
        """A part of a phone number is found in whatever way it is written."""
        plain = text.translate(BETWEEN_DIGITS)
        return [plain] if is_local_number(plain.removeprefix("+")) else super().words(text)

    def list(self, params: Params = NO_PARAMS) -> Page:
        """A value is looked for in the forms that it may be stored in; the tenant's region is asked
        for where a number does not say its country."""
        sought = [parts for name in (*BY_VALUE, "q") for parts in params.get(name, ())]
        is_local = any(is_local_number(text) for parts in sought for text in parts)
        where = region(self.scope) if is_local else None
        given = dict(params)
        for name in params.keys() & BY_VALUE:
            given[name] = [
                [form for text in parts for form in possible_values(text, where)]
                for parts in params[name]
            ]
        if where and "q" in given:
            given["q"] = [[possible_values(",".join(parts), where)[-1]] for parts in params["q"]]
        return super().list(given)

    def insert(self, values: Record) -> Record:
        """Behind those that are there."""
        value = self._stored(values["type"], values["value"])
        place = next_position(contacts, owner_of(values), "sort_order")
        return super().insert({**values, "value": value, "sort_order": place})

    def lock(self, record_id: str) -> Record:
        contact = super().lock(record_id)
        if identity_id := contact["identity_id"]:
            identity = IDENTITY.load(self.scope, [identity_id])[identity_id]
            self.identity_archived_at = identity.archived_at
        return contact

    def write(self, record: Record, values: Record) -> Record:
        if values.keys() & {"type", "value"}:
            becomes = {**record, **values}
            values = {**values, "value": self._stored(becomes["type"], becomes["value"])}
        return super().write(record, values)

    def remove(self, record: Record) -> None:
        """Those behind it move up."""
        super().remove(record)
        close_gap(self.scope, contacts, owner_of(record), record)

    def _stored(self, type_: str, value: str) -> str:
        """The tenant's region is asked for where a number does not say its country."""
        is_local = type_ == "phone" and is_local_number(value)
        return stored_value(type_, value, region(self.scope) if is_local else None)

    def refuse_archived(self) -> None:
        super().refuse_archived()
        if self.identity_archived_at:
            raise RecordArchived("The identity is archived: restore it first.")


class PersonContacts(Contacts):
    """Those of a person, in their order."""

    parents = {"person_id": Parent(PERSON, ("person_id",))}

    @classmethod
    def keys(cls) -> Mapping[str, ColumnElement[Any]]:
        return {**super().keys(), "sort_order": contacts.c.sort_order}

    def list(self, params: Params = NO_PARAMS) -> Page:
        return super().list({"sort": [["sort_order"]], **params})

    def order(self, contact_ids: Sequence[str]) -> Page:
        """All of a person's contacts in a new order. Raises ValidationFailed for any others."""
        self.authorize_write()
        person_id = self.within["person_id"]
        person = Persons(self.scope).lock(person_id)
        mine = (contacts.c.tenant_id == person["tenant_id"], contacts.c.person_id == person_id)
        owned = self.scope.execute(select(contacts.c.id).where(*mine)).scalars().all()
        if sorted(contact_ids) != sorted(owned):
            raise ValidationFailed(
                error("contact_ids", "name each of the person's contacts once, and no others")
            )
        if person["archived_at"]:
            raise RecordArchived
        ids = cast(contact_ids, ARRAY(Text))
        place = func.unnest(ids).table_valued("id", with_ordinality="place").render_derived()
        moved = contacts.update().where(*mine, contacts.c.id == place.c.id)
        self.scope.execute(moved.values(sort_order=place.c.place - 1))
        return self.list({"limit": [["200"]]})


class IdentityContacts(PersonContacts):
    """Those of an identity below its person."""

    parents = {"person_id": Parent(PERSON), "identity_id": Parent(IDENTITY, ("identity_id",))}

    def create(self, values: Record) -> Record:
        def require(identity: IdentityRecord | None) -> None:
            if identity is None or identity.person_id != self.within["person_id"]:
                raise NotFound
            self.identity_archived_at = identity.archived_at

        IDENTITY.load_ahead(self.scope, self.within["identity_id"], require)
        return super().create(values)


def owner_of(contact: Record) -> str:
    """Whose contact it is: the column that says so."""
    (owner,) = (name for name in OWNERS if contact.get(name))
    return owner
