"""The routes of signing up, in and out, and of sessions."""

from typing import Annotated

from fastapi import Form, Request
from pydantic import BeforeValidator
from starlette.responses import Response

from nexus.http import openapi, responses
from nexus.http.auth import Anyone, Caller
from nexus.http.routes import add_delete, add_list
from nexus.http.routing import resource_router
from nexus.text import nfc
from system.sessions.schemas import SignedIn
from system.sessions.service import Sessions, sign_in, sign_up
from system.users.schemas import UserCreate

router = resource_router()


@router.post("/me/signup", status_code=201, **openapi.operation("/me/signup", "signup", SignedIn))
async def signup(request: Request, scope: Anyone, body: UserCreate) -> Response:
    response = responses.value(sign_up(scope, body.model_dump(), request), 201)
    response.headers["Location"] = f"{responses.base_url(request)}/me"
    return response


@router.post("/me/signin", **openapi.operation("/me/signin", "signin", SignedIn))
async def signin(
    request: Request,
    scope: Anyone,
    username: Annotated[str, Form(max_length=320)],
    password: Annotated[
        str,
        BeforeValidator(nfc),  # the length is of the form that a body's is measured in
        Form(max_length=1024, json_schema_extra={"format": "password"}),
    ],
) -> Response:
    return responses.value(sign_in(scope, username, password, request))


@router.post("/me/signout", status_code=204, **openapi.operation("/me/signout", "signout"))
async def signout(scope: Caller) -> Response:
    Sessions(scope).delete(scope.session_id)
    return responses.nothing()


add_list(router, Sessions, "/me/sessions", "list_sessions")
add_delete(router, Sessions, verb="end_session")
