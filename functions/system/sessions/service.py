"""Signing up and in, what guards against guessing, and how sessions end."""

from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import Request
from sqlalchemy import ColumnElement, bindparam, func, insert, update
from ulid import ULID

from nexus.access import passwords
from nexus.access.scope import Scope
from nexus.access.tokens import Token, keyed_text
from nexus.db.statements import Sql
from nexus.emails import normal_name
from nexus.problems import NotAllowed, NotAuthenticated
from nexus.records.crud import CrudService
from nexus.records.reading import Record
from nexus.settings import settings
from system.quotas import take_quota
from system.sessions.attempts import Attempt
from system.sessions.schemas import SessionRead
from system.tables import sessions, users
from system.users.schemas import UserRead
from system.users.service import stored

HOUR = timedelta(hours=1)
# Use moves a session's end once a minute (nexus.note_use), so this much further than need be.
IDLE_SLACK = timedelta(minutes=1)
KNOW_ADDRESS = Sql("SELECT nexus.know_address($1)", ("address",))
REVOKE = Sql("SELECT nexus.revoke_sessions($1, $2, $3)", ("user_id", "only", "keep"))


class SignInFailed(NotAuthenticated):
    """Name and password do not match an active user."""

    def __init__(self) -> None:
        super().__init__("Check both and try again.")


class SignUpClosed(NotAllowed):
    """Nobody signs up here."""

    def __init__(self) -> None:
        super().__init__("Ask an administrator of your organisation for an account.")


class Sessions(CrudService):
    """The caller's own."""

    table = sessions
    read = SessionRead
    path = "/me/sessions/{session_id}"
    is_of_tenant = False

    @classmethod
    def visible(cls) -> ColumnElement[bool]:
        c = cls.table.c
        return (c.user_id == func.nexus.user_id()) & (c.expires_at > func.now())

    @classmethod
    def computed(cls) -> dict[str, ColumnElement[Any]]:
        c = cls.table.c
        return {"current": c.id == bindparam("current_session", type_=c.id.type)}

    def values(self) -> Record:
        return {"current_session": self.scope.session_id}

    def delete(self, record_id: str) -> None:
        self.lock(record_id)
        self.scope.run(REVOKE, {"user_id": self.scope.user_id, "only": record_id, "keep": None})

    def delete_others(self) -> None:
        others = {"user_id": self.scope.user_id, "only": None, "keep": self.scope.session_id}
        self.scope.run(REVOKE, others)

    def open(self, user: Record, request: Request) -> Record:
        """A new session of the scope's user; the answer to a sign-in."""
        token = Token.issue(self.scope.seed)
        idle, lifetime = settings().session_idle, settings().session_lifetime
        now = datetime.now(UTC)
        self.scope.answer_session_id = token.id
        address = {"address": keyed_text("address", self.scope.network)}
        self.scope.run_ahead(KNOW_ADDRESS, address)
        self.scope.connection.execute(
            insert(sessions).values(
                id=token.id,
                user_id=self.scope.user_id,
                token_hash=token.digest(),
                ends_at=now + lifetime,
                expires_at=now + min(idle + IDLE_SLACK, lifetime),
                ip=self.scope.address,
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
    """Raises SignUpClosed, TooManyRequests."""
    if settings().sign_up == "closed":
        raise SignUpClosed
    take_quota(scope, "sign-ups", scope.network, settings().sign_ups_per_hour, HOUR)
    user_id = ULID()  # signed up and signed in at one moment, which is the one of the id
    row = {"id": str(user_id), **stored(values), "last_signed_in_at": user_id.datetime}
    scope.enter(user_id=row["id"])
    columns = [users.c[name] for name in UserRead.model_fields]
    user = scope.connection.execute(insert(users).values(row).returning(*columns)).mappings().one()
    return Sessions(scope).open(dict(user), request)


def sign_in(scope: Scope, name: str, password: str, request: Request) -> Record:
    """Raises SignInFailed, TooManyAttempts."""
    attempt = Attempt.begin(scope, normal_name(name))
    if not attempt.succeeds(password):
        raise SignInFailed
    scope.enter(user_id=attempt.user_id)
    return Sessions(scope).open(_note_sign_in(scope, attempt.password_hash, password), request)


def _note_sign_in(scope: Scope, hashed: str | None, password: str) -> Record:
    """Raises SignInFailed if the password was changed or the user deactivated meanwhile; either
    waits for this row, and then finds the new session to end."""
    values: Record = {"last_signed_in_at": func.now()}
    if hashed and passwords.needs_rehash(hashed):
        values["password_hash"] = passwords.hash_password(password)
    columns = [users.c[name] for name in UserRead.model_fields]
    c = users.c
    as_checked = (c.id == scope.user_id) & (c.password_hash == hashed) & c.deactivated_at.is_(None)
    noted = update(users).where(as_checked).values(values).returning(*columns)
    user = scope.connection.execute(noted).mappings().one_or_none()
    if user is None:
        raise SignInFailed
    return dict(user)
