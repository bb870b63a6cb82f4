"""The routes that contacts and identities share: below their person, and by themselves."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from census.parts import PartService
from census.persons import Persons
from nexus.access.scope import Scope
from nexus.http import openapi, responses
from nexus.http.auth import Caller
from nexus.http.routes import add_get, add_list, add_update, id_in
from nexus.records.schemas import Body


def of_person[S: PartService](service: type[S], request: Request, scope: Scope) -> S:
    """The parts of the person in the path."""
    return service(scope, service.table.c.person_id == id_in(request, "person_id"))


def add_part_routes(
    router: APIRouter,
    service: type[PartService],
    path: str,
    create: type[Body],
    update: type[Body],
) -> None:
    """All verbs at `/persons/{person_id}/parts/{part_id}`; reads and changes at `/parts/…` too."""
    parts, _, part = path.rpartition("/")
    parameter, plural = openapi.parameter(path), parts.rpartition("/")[2]
    noun, read = f"person_{plural}", service.read
    add_list(router, service, f"/{plural}")
    add_get(router, service, f"/{plural}/{part}")
    add_update(router, service, f"/{plural}/{part}", update)

    @router.get(parts, **openapi.listed(parts, service, f"{noun}.list"))
    async def list_parts(request: Request, scope: Caller) -> Response:
        Persons(scope).find(id_in(request, "person_id"), [("fields", "id")])
        listed = of_person(service, request, scope).list(request.query_params.multi_items())
        return responses.page(request, listed)

    @router.post(parts, status_code=201, **openapi.operation(parts, f"{noun}.create", read))
    async def create_part(request: Request, scope: Caller, body: create) -> Response:  # type: ignore[valid-type]
        person_id = id_in(request, "person_id")
        record = service(scope).add(person_id, body.model_dump())  # type: ignore[attr-defined]
        place = f"/persons/{person_id}/{plural}/{record['id']}"
        return responses.record(request, record, 201, place)

    @router.get(path, **openapi.operation(path, f"{noun}.get", read, service))
    async def get_part(request: Request, scope: Caller) -> Response:
        params = request.query_params.multi_items()
        found = of_person(service, request, scope).get(id_in(request, parameter), params)
        return responses.record(request, found)

    @router.patch(path, **openapi.operation(path, f"{noun}.update", read))
    async def update_part(request: Request, scope: Caller, body: update) -> Response:  # type: ignore[valid-type]
        changes = body.model_dump(exclude_unset=True)  # type: ignore[attr-defined]
        changed = of_person(service, request, scope).update(id_in(request, parameter), changes)
        return responses.record(request, changed)

    @router.delete(path, status_code=204, **openapi.operation(path, f"{noun}.delete"))
    async def delete_part(request: Request, scope: Caller) -> Response:
        of_person(service, request, scope).delete(id_in(request, parameter))
        return responses.nothing()
