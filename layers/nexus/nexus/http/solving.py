"""A route's arguments, as FastAPI solves them, without what none of our routes has.

FastAPI looks at each dependency of each request for cookies, generators, threads, scopes, overrides
and background tasks: half of what the kernel costs. What is not plain is left to it.
"""

import inspect
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_body_to_args, request_params_to_args
from fastapi.exceptions import RequestValidationError
from pydantic_core import PydanticUndefined
from starlette.responses import Response

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
type Solved = tuple[dict[str, Any], list[Any]]
# What a plain dependant has; of the rest it has nothing.
HANDLED = {
    *("path_params", "query_params", "header_params", "body_params", "dependencies", "name"),
    *("call", "request_param_name", "http_connection_param_name", "use_cache", "path", "scope"),
}


def is_plain(dependant: Dependant) -> bool:
    """Whether `handler` knows all that the route depends on."""
    others = (getattr(dependant, name) for name in dependant.__slots__ if name not in HANDLED)
    call = dependant.call
    is_coroutine = inspect.iscoroutinefunction(getattr(call, "__call__", None))  # noqa: B004
    is_coroutine |= inspect.iscoroutinefunction(call)
    return is_coroutine and not any(others) and all(map(is_plain, dependant.dependencies))


def handler(dependant: Dependant, *, embed: bool) -> Handler:
    """What answers a request whose body has been read and kept."""
    endpoint: Callable[..., Any] = dependant.call  # type: ignore[assignment]

    async def handle(request: Request) -> Response:
        values, errors = await _solve(request, dependant, {})
        if dependant.body_params:
            body = await request.json() if await request.body() else PydanticUndefined
            given, wrong = await request_body_to_args(dependant.body_params, body, embed)
            values |= given
            errors += wrong
        if errors:
            raise RequestValidationError(errors)
        response: Response = await endpoint(**values)
        return response

    return handle


async def _solve(request: Request, dependant: Dependant, solved: dict[Any, Any]) -> Solved:
    """The arguments, and what is wrong with them; each dependency is called once."""
    values, errors = await _dependencies(request, dependant, solved)
    if dependant.path_params:
        _merge(values, errors, request_params_to_args(dependant.path_params, request.path_params))
    if dependant.query_params:
        _merge(values, errors, request_params_to_args(dependant.query_params, request.query_params))
    if dependant.header_params:
        _merge(values, errors, request_params_to_args(dependant.header_params, request.headers))
    if name := dependant.request_param_name or dependant.http_connection_param_name:
        values[name] = request
    return values, errors


async def _dependencies(request: Request, dependant: Dependant, solved: dict[Any, Any]) -> Solved:
    values: dict[str, Any] = {}
    errors: list[Any] = []
    for needed in dependant.dependencies:
        call: Callable[..., Any] = needed.call  # type: ignore[assignment]
        if call not in solved:
            given, wrong = await _solve(request, needed, solved)
            errors += wrong
            solved[call] = None if wrong else await call(**given)
        if needed.name is not None:
            values[needed.name] = solved[call]
    return values, errors


def _merge(values: dict[str, Any], errors: list[Any], found: Solved) -> None:
    values.update(found[0])
    errors += found[1]
