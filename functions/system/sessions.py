"""Signing up, in and out; the sessions that tokens are."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Form, Request
from pydantic import BaseModel
from sqlalchemy import ColumnElement, func, insert, literal, select, update
from starlette.responses import Response
from ulid import ULID

from nexus.access import passwords
from nexus.access.scope import Scope
from nexus.access.tokens import Token, keyed_text
from nexus.http import openapi, responses
from nexus.http.auth import Anyone, Caller, address_of
from nexus.http.routes import id_in
from nexus.http.routing import resource_router
from nexus.problems import NotAuthenticated, TooManyAttempts
from nexus.records.reading import Record, Records
from nexus.records.schemas import Read
from nexus.settings import settings
from system.tables import sessions, users
from system.users import UserCreate, UserRead, stored

SESSIONS, SESSION = "/me/sessions", "/me/sessions/{session_id}"
# Failures within 15 minutes before a name, known or not, or an address has to wait.
FAILURES_OF_A_NAME, FAILURES_OF_AN_ADDRESS = 5, 50


class SessionRead(Read):
    user_id: str
    tenant_id: str | None
    project_id: str | None
    last_used_at: datetime
    expires_at: datetime
    ip: str | None
    user_agent: str | None
    current: bool


class SignedIn(BaseModel):
    access_token: str
    token_type: str
    expires_in: int
    user: UserRead


class SignInFailed(NotAuthenticated):
    """Name and password do not match an active user."""

    def __init__(self) -> None:
        super().__init__("Check both and try again.")


class Sessions(Records):
    table = sessions
    read = SessionRead

    def visible(self) -> ColumnElement[bool]:
        c = self.table.c
        return (c.user_id == self.scope.user_id) & (c.expires_at > func.now())

    def computed(self) -> dict[str, ColumnElement[bool]]:
        return {"current": self.table.c.id == literal(self.scope.session_id)}

    def end(self, session_id: str) -> None:
        self.lock(session_id)
        ended = func.nexus.revoke_sessions(self.scope.user_id, session_id, None)
        self.scope.connection.execute(select(ended))

    def end_others(self) -> None:
        others = func.nexus.revoke_sessions(self.scope.user_id, None, self.scope.session_id)
        self.scope.connection.execute(select(others))

    def open(self, user: Record, request: Request) -> Record:
        """A new session of the scope's user; the answer to a sign-in."""
        token = Token.issue(self.scope.derived_secret)
        idle, lifetime = settings().session_idle, settings().session_lifetime
        now = datetime.now(UTC)
        self.scope.connection.execute(
            insert(sessions).values(
                id=token.id,
                user_id=self.scope.user_id,
                token_hash=token.digest(),
                ends_at=now + lifetime,
                expires_at=now + min(idle, lifetime),
                ip=address_of(request),
                user_agent=request.headers.get("user-agent", "")[:400].replace("\0", "") or None,
            )
        )
        return {
            "access_token": str(token),
            "token_type": "bearer",
            "expires_in": int(min(idle, lifetime) / timedelta(seconds=1)),
            "user": user,
        }


def sign_up(scope: Scope, values: Record, request: Request) -> Record:
    row = {"id": str(ULID()), **stored(values), "last_signed_in_at": func.now()}
    scope.enter(user_id=row["id"])
    columns = [users.c[name] for name in UserRead.model_fields]
    user = scope.connection.execute(insert(users).values(row).returning(*columns)).mappings().one()
    return Sessions(scope).open(dict(user), request)


def sign_in(scope: Scope, name: str, password: str, request: Request) -> Record:
    """Raises SignInFailed, TooManyAttempts."""
    name = name.strip().lower()
    of_name, of_address = keyed_text("name", name), keyed_text("address", address_of(request))
    count_attempts(scope, (of_address, FAILURES_OF_AN_ADDRESS), (of_name, FAILURES_OF_A_NAME))
    found = scope.connection.execute(select(func.nexus.credentials(name).table_valued(
        "user_id", "password_hash", "is_active"))).one_or_none()  # fmt: skip
    matches = passwords.is_password(found.password_hash if found else passwords.decoy(), password)
    if found is None or not matches or not found.is_active:
        raise SignInFailed
    forgiven = func.nexus.forgive_attempt(of_name, of_address, FAILURES_OF_AN_ADDRESS)
    scope.connection.execute(select(forgiven))
    scope.enter(user_id=found.user_id)
    return Sessions(scope).open(_note_sign_in(scope, found.password_hash, password), request)


def count_attempts(scope: Scope, *throttles: tuple[str, int]) -> None:
    """Committed before a password is looked at, or attempts at once would all go uncounted; the
    transaction's context is gone then. Raises TooManyAttempts."""
    counted = [select(func.nexus.count_attempt(*throttle)) for throttle in throttles]
    waits = [scope.connection.scalar(attempt) or 0 for attempt in counted]
    scope.connection.commit()
    if any(waits):
        raise TooManyAttempts(max(waits))


def _note_sign_in(scope: Scope, hashed: str, password: str) -> Record:
    """Raises SignInFailed if the password was changed or the user deactivated meanwhile; either
    waits for this row, and then finds the new session to end."""
    values: Record = {"last_signed_in_at": func.now()}
    if passwords.needs_rehash(hashed):
        values["password_hash"] = passwords.hash_password(password)
    columns = [users.c[name] for name in UserRead.model_fields]
    c = users.c
    as_checked = (c.id == scope.user_id) & (c.password_hash == hashed) & c.deactivated_at.is_(None)
    noted = update(users).where(as_checked).values(values).returning(*columns)
    user = scope.connection.execute(noted).mappings().one_or_none()
    if user is None:
        raise SignInFailed
    return dict(user)


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
    password: Annotated[str, Form(max_length=1024, json_schema_extra={"format": "password"})],
) -> Response:
    return responses.value(sign_in(scope, username, password, request))


@router.post("/me/signout", status_code=204, **openapi.operation("/me/signout", "signout"))
async def signout(scope: Caller) -> Response:
    Sessions(scope).end(scope.session_id)
    return responses.nothing()


@router.get(SESSIONS, **openapi.listed(SESSIONS, Sessions, "list_sessions"))
async def list_sessions(request: Request, scope: Caller) -> Response:
    return responses.page(request, Sessions(scope).list(request.query_params.multi_items()))


@router.delete(SESSION, status_code=204, **openapi.operation(SESSION, "end_session"))
async def end_session(request: Request, scope: Caller) -> Response:
    Sessions(scope).end(id_in(request, "session_id"))
    return responses.nothing()
