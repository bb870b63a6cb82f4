"""Contacts below their person or identity, and by themselves."""

from fastapi import Request
from starlette.responses import Response

from census.contacts.schemas import ContactCreate, ContactOrder, ContactRead, ContactUpdate
from census.contacts.service import Contacts
from census.identities.service import Identities
from census.persons import Persons
from census.tables import contacts, identities
from nexus import answers, openapi
from nexus.auth import Caller
from nexus.routers import add_delete, add_get, add_list, add_update, id_in
from nexus.routing import resource_router
from nexus.tenancy import Scope

PATH = "/persons/{person_id}/contacts"
CONTACT = f"{PATH}/{{contact_id}}"
ORDER = f"{PATH}/order"
OF_IDENTITY = "/persons/{person_id}/identities/{identity_id}/contacts"

router = resource_router()
add_list(router, Contacts, "/contacts")
add_get(router, Contacts, "/contacts/{contact_id}")
add_update(router, Contacts, "/contacts/{contact_id}", ContactUpdate)
add_delete(router, Contacts, "/contacts/{contact_id}")


def of_person(request: Request, scope: Scope) -> Contacts:
    """The contacts of the person in the path."""
    return Contacts(scope, contacts.c.person_id == id_in(request, "person_id"))


@router.get(PATH, **openapi.listed(PATH, Contacts, "person_contacts.list"))
async def list_contacts(request: Request, scope: Caller) -> Response:
    Persons(scope).find(id_in(request, "person_id"))
    return answers.page(request, of_person(request, scope).list(request.query_params.multi_items()))


@router.post(
    PATH, status_code=201, **openapi.operation(PATH, "person_contacts.create", ContactRead)
)
async def create_contact(request: Request, scope: Caller, body: ContactCreate) -> Response:
    person_id = id_in(request, "person_id")
    record = Contacts(scope).add(person_id, body.model_dump())
    return answers.record(request, record, 201, f"/persons/{person_id}/contacts/{record['id']}")


@router.put(
    ORDER, **openapi.operation(ORDER, "person_contacts.order", openapi.page_of(ContactRead))
)
async def order_contacts(request: Request, scope: Caller, body: ContactOrder) -> Response:
    ordered = Contacts(scope).order(id_in(request, "person_id"), body.contact_ids)
    return answers.page(request, ordered)


@router.get(CONTACT, **openapi.operation(CONTACT, "person_contacts.get", ContactRead, Contacts))
async def get_contact(request: Request, scope: Caller) -> Response:
    params = request.query_params.multi_items()
    found = of_person(request, scope).get(id_in(request, "contact_id"), params)
    return answers.record(request, found)


@router.patch(CONTACT, **openapi.operation(CONTACT, "person_contacts.update", ContactRead))
async def update_contact(request: Request, scope: Caller, body: ContactUpdate) -> Response:
    changes = body.model_dump(exclude_unset=True)
    changed = of_person(request, scope).update(id_in(request, "contact_id"), changes)
    return answers.record(request, changed)


@router.delete(CONTACT, status_code=204, **openapi.operation(CONTACT, "person_contacts.delete"))
async def delete_contact(request: Request, scope: Caller) -> Response:
    of_person(request, scope).delete(id_in(request, "contact_id"))
    return answers.nothing()


@router.get(OF_IDENTITY, **openapi.listed(OF_IDENTITY, Contacts, "identity_contacts.list"))
async def list_identity_contacts(request: Request, scope: Caller) -> Response:
    person_id, identity_id = id_in(request, "person_id"), id_in(request, "identity_id")
    Identities(scope, identities.c.person_id == person_id).find(identity_id)
    of_identity = Contacts(scope, contacts.c.identity_id == identity_id)
    return answers.page(request, of_identity.list(request.query_params.multi_items()))


@router.post(
    OF_IDENTITY,
    status_code=201,
    **openapi.operation(OF_IDENTITY, "identity_contacts.create", ContactRead),
)
async def create_identity_contact(request: Request, scope: Caller, body: ContactCreate) -> Response:
    person_id, identity_id = id_in(request, "person_id"), id_in(request, "identity_id")
    record = Contacts(scope).add_to_identity(person_id, identity_id, body.model_dump())
    return answers.record(request, record, 201, f"/contacts/{record['id']}")
