"""The routes that resources share, each a function that adds one to a router."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Body, Request
from starlette.responses import Response

from nexus.http import openapi, responses
from nexus.http.auth import Caller
from nexus.http.routing import resource_router
from nexus.problems import NotFound
from nexus.records.crud import CrudService
from nexus.records.reading import Records
from nexus.records.schemas import Action, is_ulid
from nexus.records.schemas import Body as Schema

NO_REASON = Action()


def id_in(request: Request, parameter: str) -> str:
    """The id in the path. Raises NotFound for what cannot be one."""
    value: str = request.path_params[parameter]
    if not is_ulid(value):
        raise NotFound
    return value


def crud_router(
    service: type[CrudService], path: str, create: type[Schema], update: type[Schema]
) -> APIRouter:
    """All verbs at `/things/{thing_id}`; archive and restore where the table has archived_at."""
    router = resource_router()
    collection = path.rpartition("/")[0]
    add_list(router, service, collection)
    add_create(router, service, collection, create)
    add_get(router, service, path)
    add_update(router, service, path, update)
    add_delete(router, service, path)
    if "archived_at" in service.table.c:
        add_action(router, service, path, "archive", service.archive)
        add_action(router, service, path, "restore", service.restore)
    return router


def add_list(router: APIRouter, service: type[Records], path: str) -> None:
    @router.get(path, **openapi.listed(path, service))
    async def list_records(request: Request, scope: Caller) -> Response:
        return responses.page(request, service(scope).list(request.query_params.multi_items()))


def add_create(
    router: APIRouter, service: type[CrudService], path: str, create: type[Schema]
) -> None:
    needs_none = not any(member.is_required() for member in create.model_fields.values())
    default = create() if needs_none else ...

    @router.post(path, status_code=201, **openapi.operation(path, "create", service.read))
    async def create_record(
        request: Request,
        scope: Caller,
        body: create = Body(default),  # type: ignore[valid-type]  # noqa: B008
    ) -> Response:
        record = service(scope).create(body.model_dump())  # type: ignore[attr-defined]
        return responses.record(request, record, 201, f"{path}/{record['id']}")


def add_get(router: APIRouter, service: type[CrudService], path: str) -> None:
    @router.get(path, **openapi.operation(path, "get", service.read, service))
    async def get_record(request: Request, scope: Caller) -> Response:
        record_id = id_in(request, openapi.parameter(path))
        return responses.record(
            request, service(scope).get(record_id, request.query_params.multi_items())
        )


def add_update(
    router: APIRouter, service: type[CrudService], path: str, update: type[Schema]
) -> None:
    @router.patch(path, **openapi.operation(path, "update", service.read))
    async def update_record(request: Request, scope: Caller, body: update) -> Response:  # type: ignore[valid-type]
        changes = body.model_dump(exclude_unset=True)  # type: ignore[attr-defined]
        record_id = id_in(request, openapi.parameter(path))
        return responses.record(request, service(scope).update(record_id, changes))


def add_delete(router: APIRouter, service: type[CrudService], path: str) -> None:
    @router.delete(path, status_code=204, **openapi.operation(path, "delete"))
    async def delete_record(request: Request, scope: Caller) -> Response:
        service(scope).delete(id_in(request, openapi.parameter(path)))
        return responses.nothing()


def add_action(
    router: APIRouter,
    service: type[CrudService],
    path: str,
    verb: str,
    method: Callable[..., dict[str, Any]],
) -> None:
    """An action that may say why: archive, restore, deactivate …"""

    @router.post(f"{path}/{verb}", **openapi.operation(path, verb, service.read))
    async def act(request: Request, scope: Caller, body: Action = NO_REASON) -> Response:
        record_id = id_in(request, openapi.parameter(path))
        record = method(service(scope), record_id, body.reason)
        return responses.record(request, record)
