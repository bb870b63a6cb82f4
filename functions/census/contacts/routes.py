"""Contacts below their person or identity, and by themselves."""

from fastapi import Request
from starlette.responses import Response

from census.contacts.schemas import ContactCreate, ContactOrder, ContactRead, ContactUpdate
from census.contacts.service import Contacts
from census.identities.service import Identities
from census.part_routes import add_part_routes
from census.tables import contacts, identities
from nexus.http import openapi, responses
from nexus.http.auth import Caller
from nexus.http.routes import add_delete, id_in
from nexus.http.routing import resource_router

CONTACT = "/persons/{person_id}/contacts/{contact_id}"
ORDER = "/persons/{person_id}/contacts/order"
OF_IDENTITY = "/persons/{person_id}/identities/{identity_id}/contacts"

router = resource_router()
add_part_routes(router, Contacts, CONTACT, ContactCreate, ContactUpdate)
add_delete(router, Contacts, "/contacts/{contact_id}")


@router.put(
    ORDER, **openapi.operation(ORDER, "person_contacts.order", openapi.page_of(ContactRead))
)
async def order_contacts(request: Request, scope: Caller, body: ContactOrder) -> Response:
    ordered = Contacts(scope).order(id_in(request, "person_id"), body.contact_ids)
    return responses.page(request, ordered)


@router.get(OF_IDENTITY, **openapi.listed(OF_IDENTITY, Contacts, "identity_contacts.list"))
async def list_identity_contacts(request: Request, scope: Caller) -> Response:
    person_id, identity_id = id_in(request, "person_id"), id_in(request, "identity_id")
    Identities(scope, identities.c.person_id == person_id).find(identity_id)
    of_identity = Contacts(scope, contacts.c.identity_id == identity_id)
    return responses.page(request, of_identity.list(request.query_params.multi_items()))


@router.post(
    OF_IDENTITY,
    status_code=201,
    **openapi.operation(OF_IDENTITY, "identity_contacts.create", ContactRead),
)
async def create_identity_contact(request: Request, scope: Caller, body: ContactCreate) -> Response:
    person_id, identity_id = id_in(request, "person_id"), id_in(request, "identity_id")
    record = Contacts(scope).add_to_identity(person_id, identity_id, body.model_dump())
    return responses.record(request, record, 201, f"/contacts/{record['id']}")
