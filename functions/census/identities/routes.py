"""Identities below their person, and by themselves."""

from collections.abc import Callable
from typing import Any

from fastapi import Request
from starlette.responses import Response

from census.identities.schemas import IdentityClosed, IdentityCreate, IdentityRead, IdentityUpdate
from census.identities.service import Identities
from census.part_routes import add_part_routes, of_person
from nexus.http import openapi, responses
from nexus.http.auth import Caller
from nexus.http.routes import NO_REASON, id_in
from nexus.http.routing import resource_router
from nexus.records.schemas import Action

IDENTITY = "/persons/{person_id}/identities/{identity_id}"

router = resource_router()
add_part_routes(router, Identities, IDENTITY, IdentityCreate, IdentityUpdate)


def add_identity_action(
    verb: str, method: Callable[..., dict[str, Any]], read: type[IdentityRead] = IdentityRead
) -> None:
    path = f"{IDENTITY}/{verb}"

    @router.post(path, **openapi.operation(path, f"person_identities.{verb}", read))
    async def act(request: Request, scope: Caller, body: Action = NO_REASON) -> Response:
        service = of_person(Identities, request, scope)
        return responses.record(
            request, method(service, id_in(request, "identity_id"), body.reason)
        )


add_identity_action("activate", Identities.activate)
add_identity_action("deactivate", Identities.deactivate, IdentityClosed)
add_identity_action("archive", Identities.archive, IdentityClosed)
add_identity_action("restore", Identities.restore)
