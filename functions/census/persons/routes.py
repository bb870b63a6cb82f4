"""The routes of persons, and of their parts below them and by themselves."""

from fastapi import Request
from starlette.responses import Response

from census.persons.contacts import Contacts, IdentityContacts, PersonContacts
from census.persons.identities import CurrentIdentities, Identities
from census.persons.schemas import (
    ContactCreate,
    ContactOrder,
    ContactRead,
    ContactUpdate,
    CurrentIdentity,
    IdentityClosed,
    IdentityCreate,
    IdentityRead,
    IdentityUpdate,
    PersonCreate,
    PersonRead,
    PersonUpdate,
)
from census.persons.service import Persons
from nexus.http import openapi, responses
from nexus.http.auth import Caller
from nexus.http.routes import (
    add_action,
    add_create,
    add_delete,
    add_get,
    add_list,
    add_update,
    crud_router,
    id_in,
    params_of,
)

CURRENT = f"{Persons.path}/current-identity"
IDENTITIES = f"{Persons.path}/identities"
IDENTITY = f"{IDENTITIES}/{{identity_id}}"
CONTACTS = f"{Persons.path}/contacts"
CONTACT = f"{CONTACTS}/{{contact_id}}"
OF_IDENTITY = f"{IDENTITY}/contacts"

router = crud_router(Persons, PersonCreate, PersonUpdate)

add_list(router, Identities, "/identities")
add_get(router, Identities)
add_update(router, Identities, IdentityUpdate)
add_list(router, Identities, IDENTITIES, "person_identities.list")
add_create(router, Identities, IDENTITIES, IdentityCreate, "person_identities.create")
add_get(router, Identities, IDENTITY, "person_identities.get")
add_update(router, Identities, IdentityUpdate, IDENTITY, "person_identities.update")
add_delete(router, Identities, IDENTITY, "person_identities.delete")
for verb, method, read in (
    ("activate", Identities.activate, IdentityRead),
    ("deactivate", Identities.deactivate, IdentityClosed),
    ("archive", Identities.archive, IdentityClosed),
    ("restore", Identities.restore, IdentityRead),
):
    operation = f"person_identities.{verb}"
    add_action(router, Identities, verb, method, path=IDENTITY, operation=operation, read=read)

add_list(router, Contacts, "/contacts")
add_get(router, Contacts)
add_update(router, Contacts, ContactUpdate)
add_delete(router, Contacts)
add_list(router, PersonContacts, CONTACTS, "person_contacts.list")
add_create(router, PersonContacts, CONTACTS, ContactCreate, "person_contacts.create")
add_get(router, PersonContacts, CONTACT, "person_contacts.get")
add_update(router, PersonContacts, ContactUpdate, CONTACT, "person_contacts.update")
add_delete(router, PersonContacts, CONTACT, "person_contacts.delete")
add_list(router, IdentityContacts, OF_IDENTITY, "identity_contacts.list")
add_create(router, IdentityContacts, OF_IDENTITY, ContactCreate, "identity_contacts.create")


@router.get(CURRENT, **openapi.operation(CURRENT, "current_identity.get", IdentityRead, Identities))
async def get_current_identity(request: Request, scope: Caller) -> Response:
    person_id = id_in(request, "person_id")
    found = CurrentIdentities(scope, {"person_id": person_id}).get("", params_of(request))
    return responses.record(request, found, is_of_id=True)


@router.post(CURRENT, **openapi.operation(CURRENT, "current_identity.set", PersonRead, Persons))
async def set_current_identity(request: Request, scope: Caller, body: CurrentIdentity) -> Response:
    person_id = id_in(request, "person_id")
    person = Persons(scope).set_current_identity(person_id, body.identity_id)
    return responses.record(request, person)


@router.put(
    f"{CONTACTS}/order",
    **openapi.operation(CONTACTS, "person_contacts.order", ContactRead, is_page=True),
)
async def order_contacts(request: Request, scope: Caller, body: ContactOrder) -> Response:
    below = PersonContacts(scope, {"person_id": id_in(request, "person_id")})
    ordered = below.order(body.contact_ids)
    return responses.page(request, ordered, CONTACTS.format_map(request.path_params))
