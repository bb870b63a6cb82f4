"""Persons with the names they go by."""

from census.persons.schemas import IdentityCreate, PersonCreate
from census.persons.service import Persons
from local.demo.ids import id_of
from nexus.access.scope import Scope


def make_person(scope: Scope, name: str, external_id: str, first: str, last: str) -> None:
    """With an identity, whose id is the name's with `id` behind it."""
    body = PersonCreate(
        external_id=external_id, identity=IdentityCreate(first_name=first, last_name=last)
    ).model_dump()
    body["identity"]["id"] = id_of(f"{name} id")
    Persons(scope).create({"id": id_of(name), **body})
