"""A module's FastAPI app, and the Lambda handler around it."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from mangum import Mangum
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from nexus import bodies, openapi, payload, snapshot
from nexus.envelope import Envelope, problem_response
from nexus.problems import (
    MEDIA_TYPE,
    InvalidParameter,
    MalformedRequest,
    MethodNotAllowed,
    NotFound,
    Problem,
    ValidationFailed,
)
from nexus.settings import settings

EXPOSED = ["ETag", "Link", "Location", "X-Request-Id", "Retry-After", "Idempotent-Replayed"]
METHOD_NOT_ALLOWED = 405
BY_STATUS: dict[int, type[Problem]] = {404: NotFound, METHOD_NOT_ALLOWED: MethodNotAllowed}
LEVEL = 4  # of gzip: a tree of 20,000 locations becomes an eighth in a tenth of a second
# Mangum sends any other body in base64, as it does what is compressed.
TEXT = ["text/", "application/json", MEDIA_TYPE]
Event = dict[str, Any]
MOST_ERRORS = 100
# In the caller's words where pydantic's are Python's.
SAID = {
    "missing": "is missing",
    "extra_forbidden": "there is no such member",
    "model_attributes_type": "has to be a JSON object",
    "dict_type": "has to be a JSON object",
    "list_type": "has to be a JSON array",
}


def create_app(module: str, router: APIRouter) -> FastAPI:
    app = FastAPI(
        title=f"Nexus {module}",
        version="1",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.include_router(router)
    app.openapi = partial(openapi.document, app)  # type: ignore[method-assign]
    app.add_exception_handler(Problem, _answer_problem)
    app.add_exception_handler(HTTPException, _answer_http)
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    app.add_middleware(Cors)
    app.add_middleware(GZipMiddleware, minimum_size=payload.LARGE, compresslevel=LEVEL)
    app.add_middleware(Envelope, module=module)
    return app


class Cors:
    """CORS for the origins of the settings, which are read with the first request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.cors: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.cors is None:
            origins = settings().cors_origins
            options: dict[str, Any] = {"allow_methods": ["*"], "allow_headers": ["*"]}
            self.cors = (
                CORSMiddleware(self.app, origins, expose_headers=EXPOSED, **options)
                if origins
                else self.app
            )
        await self.cors(scope, receive, send)


async def _answer_problem(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, Problem)  # noqa: S101 - for the type checker
    return problem_response(failure, request.scope["nexus.request_id"])


async def _answer_http(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, HTTPException)  # noqa: S101 - for the type checker
    problem = BY_STATUS.get(failure.status_code, MalformedRequest)()
    if failure.status_code == METHOD_NOT_ALLOWED:
        problem.headers = {"Allow": ", ".join(_methods(request))}
    return await _answer_problem(request, problem)


def _methods(request: Request) -> list[str]:
    """What the path offers; the router tells of its first route only."""
    routes = [r for r in iter_route_contexts(request.app.routes) if r.path_regex]
    served = [r.methods for r in routes if r.path_regex.match(request.url.path)]
    return sorted({method for methods in served for method in methods or ()})


async def _answer_invalid(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, RequestValidationError)  # noqa: S101 - for the type checker
    places = {str(found["loc"][0]) for found in failure.errors()}
    errors = [
        {"pointer": bodies.pointer_of(found["loc"][1:]), "message": _said(found)}
        for found in failure.errors()[:MOST_ERRORS]
    ]
    if "path" in places:
        return await _answer_problem(request, NotFound())
    if places & {"query", "header"}:
        return await _answer_problem(request, InvalidParameter(errors=errors))
    return await _answer_problem(request, ValidationFailed(*errors))


def _said(found: dict[str, Any]) -> str:
    return SAID.get(found["type"]) or str(found["msg"]).removeprefix("Value error, ")


def lambda_handler(app: FastAPI) -> Callable[[Event, Any], Event]:
    """The handler of a REST API's proxy integration, behind a stage or a custom domain's path."""
    snapshot.register()
    mangum = Mangum(app, lifespan="off", text_mime_types=TEXT)

    def handler(event: Event, context: Any) -> Event:
        return payload.fitting(mangum(payload.decodable(_with_prefix(event)), context))

    return handler


def _with_prefix(event: Event) -> Event:
    """The event with the path of the matched resource: `path` carries a custom domain's base path,
    and only `requestContext.path` carries the stage."""
    given = event.get("pathParameters") or {}
    path = re.sub(r"\{(\w+)\+?\}", lambda found: given[found[1]], event["resource"])
    whole = event["requestContext"].get("path") or path
    return {**event, "path": path, "prefix": whole.removesuffix(path)}
