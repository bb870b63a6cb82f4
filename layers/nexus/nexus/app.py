"""A module's FastAPI app: its problems answered, its middleware around it."""

import re
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from nexus import telemetry
from nexus.aws import payload
from nexus.db.engine import sqlstate_of
from nexus.http import bodies
from nexus.http.compression import Compression
from nexus.http.cors import Cors, methods_of
from nexus.http.dispatch import Router
from nexus.http.envelope import Envelope, problem_response
from nexus.problems import (
    InvalidParameter,
    MalformedRequest,
    MethodNotAllowed,
    NotFound,
    Problem,
    Unavailable,
    ValidationFailed,
)

METHOD_NOT_ALLOWED = 405
BY_STATUS: dict[int, type[Problem]] = {404: NotFound, METHOD_NOT_ALLOWED: MethodNotAllowed}
MOST_ERRORS = 100
# In the caller's words where pydantic's are Python's.
ERROR_MESSAGES = {
    "missing": "is missing",
    "extra_forbidden": "there is no such member",
    "model_attributes_type": "has to be a JSON object",
    "dict_type": "has to be a JSON object",
    "model_type": "has to be a JSON object",
    "list_type": "has to be a JSON array",
    "string_type": "has to be a text",
    "int_type": "has to be a whole number, written without quotes or a point",
    "float_type": "has to be a number, written without quotes",
    "bool_type": "has to be true or false",
    "date_type": "has to be a text with a date, such as 2027-01-31",
    "datetime_type": "has to be a text with a time, such as 2027-01-31T12:00:00Z",
}


def create_app(module: str, router: APIRouter) -> FastAPI:
    app = FastAPI(
        title=f"Nexus {module}",
        version="1",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    app.router = Router(router.routes)
    app.add_exception_handler(Problem, _answer_problem)
    app.add_exception_handler(HTTPException, _answer_http)
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    app.add_middleware(Cors)
    app.add_middleware(Compression, minimum_size=payload.LARGE)
    app.add_middleware(Envelope, module=module)
    return app


async def _answer_problem(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, Problem)  # noqa: S101 - for the type checker
    request_id = request.scope["nexus.request_id"]
    if isinstance(failure, Unavailable):
        telemetry.request_unserved(failure.type(), sqlstate_of(failure.__cause__), request_id)
    return problem_response(failure, request_id)


async def _answer_http(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, HTTPException)  # noqa: S101 - for the type checker
    problem = BY_STATUS.get(failure.status_code, MalformedRequest)()
    if failure.status_code == METHOD_NOT_ALLOWED:
        problem.headers = {"Allow": ", ".join(methods_of(request.scope))}
    return await _answer_problem(request, problem)


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
    message = str(found["msg"]).removeprefix("Value error, ")
    plain = re.sub("^(Input|String|List|Dictionary) should", "has to", message)
    return ERROR_MESSAGES.get(found["type"]) or plain
