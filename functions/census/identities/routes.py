"""Identities below their person, and by themselves."""

from collections.abc import Callable
from typing import Any

from fastapi import Request
from starlette.responses import Response

from census.identities.schemas import IdentityClosed, IdentityCreate, IdentityRead, IdentityUpdate
from census.identities.service import Identities
from census.persons import Persons
from census.tables import identities
from nexus import answers, openapi
from nexus.auth import Caller
from nexus.routers import NO_REASON, add_get, add_list, add_update, id_in
from nexus.routing import resource_router
from nexus.schemas import Action
from nexus.tenancy import Scope

PATH = "/persons/{person_id}/identities"
IDENTITY = f"{PATH}/{{identity_id}}"

router = resource_router()
add_list(router, Identities, "/identities")
add_get(router, Identities, "/identities/{identity_id}")
add_update(router, Identities, "/identities/{identity_id}", IdentityUpdate)


def of_person(request: Request, scope: Scope) -> Identities:
    """The identities of the person in the path."""
    return Identities(scope, identities.c.person_id == id_in(request, "person_id"))


@router.get(PATH, **openapi.listed(PATH, Identities, "person_identities.list"))
async def list_identities(request: Request, scope: Caller) -> Response:
    Persons(scope).find(id_in(request, "person_id"))
    return answers.page(request, of_person(request, scope).list(request.query_params.multi_items()))


@router.post(
    PATH, status_code=201, **openapi.operation(PATH, "person_identities.create", IdentityRead)
)
async def create_identity(request: Request, scope: Caller, body: IdentityCreate) -> Response:
    person_id = id_in(request, "person_id")
    record = Identities(scope).add(person_id, body.model_dump())
    return answers.record(request, record, 201, f"/persons/{person_id}/identities/{record['id']}")


@router.get(
    IDENTITY, **openapi.operation(IDENTITY, "person_identities.get", IdentityRead, Identities)
)
async def get_identity(request: Request, scope: Caller) -> Response:
    params = request.query_params.multi_items()
    found = of_person(request, scope).get(id_in(request, "identity_id"), params)
    return answers.record(request, found)


@router.patch(IDENTITY, **openapi.operation(IDENTITY, "person_identities.update", IdentityRead))
async def update_identity(request: Request, scope: Caller, body: IdentityUpdate) -> Response:
    changes = body.model_dump(exclude_unset=True)
    changed = of_person(request, scope).update(id_in(request, "identity_id"), changes)
    return answers.record(request, changed)


@router.delete(IDENTITY, status_code=204, **openapi.operation(IDENTITY, "person_identities.delete"))
async def delete_identity(request: Request, scope: Caller) -> Response:
    of_person(request, scope).delete(id_in(request, "identity_id"))
    return answers.nothing()


def add_identity_action(
    verb: str, method: Callable[..., dict[str, Any]], read: type[IdentityRead] = IdentityRead
) -> None:
    path = f"{IDENTITY}/{verb}"

    @router.post(path, **openapi.operation(path, f"person_identities.{verb}", read))
    async def act(request: Request, scope: Caller, body: Action = NO_REASON) -> Response:
        service = of_person(request, scope)
        return answers.record(request, method(service, id_in(request, "identity_id"), body.reason))


add_identity_action("activate", Identities.activate)
add_identity_action("deactivate", Identities.deactivate, IdentityClosed)
add_identity_action("archive", Identities.archive, IdentityClosed)
add_identity_action("restore", Identities.restore)
