"""The routes of signing up, in and out, and of sessions."""

from typing import Annotated

from fastapi import Form, Request
from starlette.responses import Response

from nexus.http import openapi, responses
from nexus.http.auth import Anyone, Caller
from nexus.http.routes import add_delete, add_list
from nexus.http.routing import resource_router
from nexus.problems import MalformedRequest
from system.sessions.schemas import GRANT_TYPE, PasswordGrant, SignedIn
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
    request: Request, scope: Anyone, form: Annotated[PasswordGrant, Form()]
) -> Response:
    if form.grant_type != GRANT_TYPE:
        raise MalformedRequest(f"The grant_type is {GRANT_TYPE}: no other grant is offered.")
    return responses.value(sign_in(scope, form.username, form.password, request))


@router.post("/me/signout", status_code=204, **openapi.operation("/me/signout", "signout"))
async def signout(scope: Caller) -> Response:
    Sessions(scope).delete(scope.session_id)
    return responses.nothing()


add_list(router, Sessions, "/me/sessions", "list_sessions")
add_delete(router, Sessions, verb="end_session")
