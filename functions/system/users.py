"""Users: global accounts, seen by the tenants that they belong to."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Request
from pydantic import Field, StringConstraints
from sqlalchemy import ColumnElement, func, insert, select
from starlette.responses import Response
from ulid import ULID

from nexus.access.passwords import hash_password
from nexus.emails import Email
from nexus.http import openapi, responses
from nexus.http.auth import Caller
from nexus.http.routes import (
    add_action,
    add_create,
    add_delete,
    add_get,
    add_list,
    add_update,
    id_in,
)
from nexus.http.routing import resource_router
from nexus.problems import NotAllowed
from nexus.records.crud import CrudService
from nexus.records.reading import Record
from nexus.records.schemas import Body, Name, Read, unset
from system.groups import Groups
from system.tables import groups, memberships, users

USER, GROUPS = "/users/{user_id}", "/users/{user_id}/groups"
EVERY_SESSION = None


Username = Annotated[
    str,
    StringConstraints(to_lower=True, strip_whitespace=True, pattern=r"^[A-Za-z0-9._-]{3,64}$"),
    Field(examples=["zoe.ito"]),
]
Password = Annotated[
    str,
    StringConstraints(min_length=12, max_length=1024),
    Field(examples=["a long pass phrase"], json_schema_extra={"format": "password"}),
]


class UserRead(Read):
    username: str
    email: str
    full_name: str | None
    deactivated_at: datetime | None
    last_signed_in_at: datetime | None


class UserCreate(Body):
    username: Username
    email: Email
    password: Password
    full_name: Name | None = None


class UserUpdate(Body):
    username: Username = unset()
    email: Email = unset()
    full_name: Name | None = unset()


class UserShared(NotAllowed):
    """The user belongs to another tenant too."""


class Users(CrudService):
    table = users
    read = UserRead

    def visible(self) -> ColumnElement[bool]:
        mine = (memberships.c.tenant_id == self.scope.tenant) & (
            memberships.c.user_id == users.c.id
        )
        return select(memberships.c.id).where(mine).exists()

    def authorize_write(self) -> None:
        self.scope.require_administrator()

    def create(self, values: Record) -> Record:
        """A new user, in the tenant's `users` group."""
        self.authorize_write()
        user_id = str(ULID())
        # Nothing is returned: before the membership exists the tenant does not see its user.
        self.scope.connection.execute(insert(users).values(id=user_id, **stored(values)))
        tenant_id = self.scope.tenant_id
        group_id = select(groups.c.id).where(
            groups.c.tenant_id == tenant_id, groups.c.kind == "users"
        )
        self.scope.connection.execute(
            insert(memberships).values(
                id=str(ULID()),
                tenant_id=tenant_id,
                group_id=group_id.scalar_subquery(),
                user_id=user_id,
            )
        )
        return self.find(user_id)

    def lock(self, record_id: str, *within: ColumnElement[bool]) -> Record:
        record = super().lock(record_id, *within)
        if self._belongs_elsewhere(record_id):
            raise UserShared(
                "Only the user and the root tenant's administrators change the account."
            )
        return record

    def deactivate(self, record_id: str, reason: str | None = None) -> Record:
        record = self.set_timestamp(record_id, "deactivated_at", is_set=True, reason=reason)
        end = func.nexus.revoke_sessions(record_id, EVERY_SESSION, EVERY_SESSION)
        self.scope.connection.execute(select(end))
        return record

    def restore(self, record_id: str, reason: str | None = None) -> Record:
        return self.set_timestamp(record_id, "deactivated_at", is_set=False, reason=reason)

    def delete(self, record_id: str) -> None:
        """Of a user who belongs elsewhere too only the tenant's memberships go."""
        self.authorize_delete()
        record = super().lock(record_id)
        if not self._belongs_elsewhere(record_id):
            return self.remove(record)
        c = memberships.c
        mine = memberships.delete().where(
            c.tenant_id == self.scope.tenant_id, c.user_id == record_id
        )
        self.scope.connection.execute(mine)
        return None

    def _belongs_elsewhere(self, user_id: str) -> bool:
        """To a root administrator, who administers all tenants, nowhere is elsewhere."""
        asked = select(func.nexus.belongs_elsewhere(user_id))
        return not self.scope.is_root_administrator and bool(self.scope.connection.scalar(asked))


def stored(values: Record) -> dict[str, Any]:
    """A new user's columns: the password's hash in its place."""
    kept = {name: value for name, value in values.items() if name != "password"}
    return {**kept, "password_hash": hash_password(values["password"])}


router = resource_router()
add_list(router, Users, "/users")
add_create(router, Users, "/users", UserCreate)
add_get(router, Users, USER)
add_update(router, Users, USER, UserUpdate)
add_delete(router, Users, USER)
add_action(router, Users, USER, "deactivate", Users.deactivate)
add_action(router, Users, USER, "restore", Users.restore)


@router.get(GROUPS, **openapi.listed(GROUPS, Groups, "list_groups"))
async def list_user_groups(request: Request, scope: Caller) -> Response:
    user_id = id_in(request, "user_id")
    Users(scope).find(user_id)
    return responses.page(
        request, Groups(scope).of_user(user_id, request.query_params.multi_items())
    )
