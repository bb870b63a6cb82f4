"""The routes that resources share, each a function that adds one to a router."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Body, Request
from pydantic import ValidationError
from starlette.responses import Response

from nexus.http import openapi, responses
from nexus.http.auth import Caller
from nexus.http.routing import resource_router
from nexus.problems import NotFound
from nexus.records.crud import CrudService
from nexus.records.query import Params, parse_query
from nexus.records.reading import Records
from nexus.records.schemas import Action, is_ulid
from nexus.records.schemas import Body as Schema

NO_CONTENT = 204


def id_in(request: Request, parameter: str) -> str:
    """The id in the path. Raises NotFound for what cannot be one."""
    value: str = request.path_params[parameter]
    if not is_ulid(value):
        raise NotFound
    return value


def params_of(request: Request) -> Params:
    """The parameters of the query string."""
    return parse_query(request.scope["query_string"])


def crud_router(
    service: type[CrudService], create: type[Schema], update: type[Schema], caller: Any = Caller
) -> APIRouter:
    """All verbs at the service's path; archive and restore where the table has archived_at.
    `caller` is who calls for one record: TenantCaller, where that is a tenant."""
    router = resource_router()
    collection = service.path.rpartition("/")[0]
    add_list(router, service, collection)
    add_create(router, service, collection, create)
    add_get(router, service, caller=caller)
    add_update(router, service, update, caller=caller)
    add_delete(router, service, caller=caller)
    if "archived_at" in service.table.c:
        add_action(router, service, "archive", service.archive, caller=caller)
        add_action(router, service, "restore", service.restore, caller=caller)
    return router


def add_list(
    router: APIRouter, service: type[Records], path: str, verb: str = "list", caller: Any = Caller
) -> None:
    """The service's records, below what the path names."""
    above = _parents(service, path)

    @router.get(path, **openapi.listed(path, service, verb))
    async def list_records(request: Request, scope: caller) -> Response:
        below = service(scope, _ids(request, above))
        return responses.page(request, below.list(params_of(request)))


def add_create(
    router: APIRouter,
    service: type[CrudService],
    path: str,
    create: type[Schema],
    verb: str = "create",
) -> None:
    """A new record, below what the path names."""
    above, default = _parents(service, path), _default(create)

    @router.post(path, status_code=201, **openapi.operation(path, verb, service.read))
    async def create_record(
        request: Request,
        scope: Caller,
        body: create = Body(default),  # type: ignore[valid-type]  # noqa: B008
    ) -> Response:
        below = service(scope, _ids(request, above))
        record = below.create(body.model_dump())  # type: ignore[attr-defined]
        return responses.record(request, record, 201, responses.location(service, record, request))


def add_get(
    router: APIRouter,
    service: type[Records],
    path: str = "",
    verb: str = "get",
    caller: Any = Caller,
) -> None:
    path = path or service.path
    above, own = _parents(service, path), openapi.parameter(path)

    @router.get(path, **openapi.operation(path, verb, service.read, service))
    async def get_record(request: Request, scope: caller) -> Response:
        below = service(scope, _ids(request, above))
        return responses.record(request, below.get(id_in(request, own), params_of(request)))


def add_update(
    router: APIRouter,
    service: type[CrudService],
    update: type[Schema],
    path: str = "",
    verb: str = "update",
    caller: Any = Caller,
) -> None:
    path = path or service.path
    above, own = _parents(service, path), openapi.parameter(path)

    @router.patch(path, **openapi.operation(path, verb, service.read, service))
    async def update_record(request: Request, scope: caller, body: update) -> Response:  # type: ignore[valid-type]
        below = service(scope, _ids(request, above))
        changes = body.model_dump(exclude_unset=True)  # type: ignore[attr-defined]
        return responses.record(request, below.update(id_in(request, own), changes))


def add_delete(
    router: APIRouter,
    service: type[CrudService],
    path: str = "",
    verb: str = "delete",
    caller: Any = Caller,
) -> None:
    path = path or service.path
    above, own = _parents(service, path), openapi.parameter(path)

    @router.delete(path, status_code=204, **openapi.operation(path, verb, None, service))
    async def delete_record(request: Request, scope: caller) -> Response:
        service(scope, _ids(request, above)).delete(id_in(request, own))
        return responses.nothing()


def add_action(
    router: APIRouter,
    service: type[CrudService],
    verb: str,
    method: Callable[..., dict[str, Any] | None],
    body: type[Schema] = Action,
    status: int = 200,
    *,
    path: str = "",
    operation: str = "",
    read: type[Any] | None = None,
    caller: Any = Caller,
) -> None:
    """`POST …/{id}/verb`: the body's members are the method's arguments. It answers with the record
    that the method returns; with 201 that is a new one, at the `Location`. With 204 it is none."""
    path = path or service.path
    above, own, default = _parents(service, path), openapi.parameter(path), _default(body)
    shown = None if status == NO_CONTENT else read or service.read
    options = openapi.operation(f"{path}/{verb}", operation or verb, shown, service)

    @router.post(f"{path}/{verb}", status_code=status, **options)
    async def act(
        request: Request,
        scope: caller,
        given: body = Body(default),  # type: ignore[valid-type]  # noqa: B008
    ) -> Response:
        acting = service(scope, _ids(request, above))
        members = given.model_dump(exclude_unset=True)  # type: ignore[attr-defined]
        record = method(acting, id_in(request, own), **members)
        if record is None:
            return responses.nothing()
        place = responses.location(service, record, request) if status == 201 else None
        return responses.record(request, record, status, place)


def _parents(service: type[Records], path: str) -> list[str]:
    """The path's parameters that the service's records are below."""
    above = [part[1:-1] for part in path.split("/")[:-1] if part.startswith("{")]
    return [name for name in above if name in service.parents]


def _ids(request: Request, names: list[str]) -> dict[str, str]:
    return {name: id_in(request, name) for name in names}


def _default(body: type[Schema]) -> Any:
    """What stands for a body that is left out, where nothing is required."""
    try:
        return body()
    except ValidationError:
        return ...
