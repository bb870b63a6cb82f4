"""Rules of users: whom a tenant's administrators may change."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Table, any_, func, insert, select
from ulid import ULID

from nexus.access.passwords import hash_password, weakness
from nexus.db.statements import Sql
from nexus.problems import NotAllowed, ValidationFailed, error
from nexus.records.crud import CrudService
from nexus.records.fields import Field, id_filter
from nexus.records.reading import Record
from nexus.records.references import Reference, own_tenant
from system.reads import GROUP
from system.tables import groups, memberships, tenant_users, users
from system.users.schemas import UserRead

ADMINISTERS = Sql("SELECT nexus.administers_user($1)", ("id",))
NAMES = {"username", "email"}
REVOKE_ALL = Sql("SELECT nexus.revoke_sessions($1, NULL, NULL)", ("id",))


class UserShared(NotAllowed):
    """The account is not this tenant's alone."""


class Accounts(CrudService):
    """Users, whatever tenants they belong to."""

    table = users
    read = UserRead
    is_of_tenant = False


class Users(Accounts):
    """Those of the tenant. They are listed by what `tenant_users` has of them: its indexes begin
    with the tenant."""

    path = "/users/{user_id}"
    is_of_tenant = True
    is_administered = False  # the user that was locked

    @classmethod
    def source(cls) -> FromClause:
        return users.join(tenant_users, tenant_users.c.user_id == users.c.id)

    @classmethod
    def visible(cls) -> ColumnElement[bool]:
        mine: ColumnElement[bool] = tenant_users.c.tenant_id == own_tenant
        return mine

    @classmethod
    def keys(cls) -> Mapping[str, ColumnElement[Any]]:
        c = tenant_users.c
        texts = {name: c[f"{name}_sort"] for name in ("username", "email", "full_name")}
        return {**texts, "updated_at": c.updated_at, "created_at": c.user_id, "id": c.user_id}

    @classmethod
    def searched(cls) -> Table:
        return tenant_users

    @classmethod
    def own_filters(cls) -> Mapping[str, Field]:
        """By group: with those in nested groups, or its direct members alone."""
        c = memberships.c
        nested = func.nexus.members_of_group
        return {
            **id_filter("group_id", lambda ids: users.c.id.in_(select(nested(func.unnest(ids))))),
            **id_filter(
                "group_id__direct",
                lambda ids: users.c.id.in_(
                    select(c.user_id).where(
                        c.tenant_id == own_tenant,
                        c.group_id == any_(ids),
                        c.accepted_at.is_not(None),
                    )
                ),
            ),
        }

    @classmethod
    def checked_filters(cls) -> Mapping[str, Reference]:
        return {"group_id": GROUP, "group_id__direct": GROUP}

    def authorize_write(self) -> None:
        self.scope.require_administrator()

    def create(self, values: Record) -> Record:
        """A new user, in the tenant's `users` group."""
        self.authorize_write()
        self.scope.require_authenticated()  # before a password is hashed
        user_id, tenant_id = values.get("id") or str(ULID()), self.scope.tenant_id
        # Nothing is returned: before the membership exists the tenant does not see its user.
        row = {"id": user_id, "origin_tenant_id": tenant_id, **stored(values)}
        self.scope.execute(insert(users).values(row))
        group_id = select(groups.c.id).where(
            groups.c.tenant_id == tenant_id, groups.c.kind == "users"
        )
        self.scope.execute(
            insert(memberships).values(
                id=str(ULID()),
                tenant_id=tenant_id,
                group_id=group_id.scalar_subquery(),
                user_id=user_id,
                accepted_at=func.now(),
            )
        )
        return self.find(user_id)

    def lock(self, record_id: str) -> Record:
        record = self._lock_any(record_id)
        if not self.is_administered and record_id == self.scope.user_id:
            raise UserShared("Change your own account with PATCH /me.")
        if not self.is_administered:
            raise UserShared(
                "Only the user and the root tenant's administrators change an account that the"
                " tenant did not create, or that belongs to another tenant too."
            )
        return record

    def write(self, record: Record, values: Record) -> Record:
        """Raises NotAllowed for one's own names: changing those takes the password."""
        if record["id"] == self.scope.user_id and values.keys() & NAMES:
            raise NotAllowed("Change your own username and email with PATCH /me.")
        return super().write(record, values)

    def deactivate(self, record_id: str, reason: str | None = None) -> Record:
        record = self.set_timestamp(record_id, "deactivated_at", is_set=True, reason=reason)
        self.scope.run(REVOKE_ALL, {"id": record_id})
        return record

    def restore(self, record_id: str, reason: str | None = None) -> Record:
        return self.set_timestamp(record_id, "deactivated_at", is_set=False, reason=reason)

    def delete(self, record_id: str) -> None:
        """Of an account that is not the tenant's alone just the memberships in the tenant go."""
        self.authorize_delete()
        self.is_to_go = True
        record = self._lock_any(record_id)
        if self.is_administered:
            return self.remove(record)
        c = memberships.c
        self.scope.execute(
            memberships.delete().where(c.tenant_id == own_tenant, c.user_id == record_id)
        )
        return None

    def _lock_any(self, record_id: str) -> Record:
        """Whose account it is is asked once it is held: whoever joins a tenant waits for that."""
        record = super().lock(record_id)
        self.is_administered = self.scope.run(ADMINISTERS, {"id": record_id})[0][0]
        return record


def stored(values: Record) -> dict[str, Any]:
    """A new user's columns: the password's hash in its place. Raises ValidationFailed."""
    kept = {name: value for name, value in values.items() if name != "password"}
    return {**kept, "password_hash": hash_chosen("password", values["password"], kept)}


def hash_chosen(member: str, password: str, user: Record) -> str:
    """The hash of a password that is newly set for the user. Raises ValidationFailed for a weak
    one."""
    if wrong := weakness(password, user["username"], user["email"]):
        raise ValidationFailed(error(member, wrong))
    return hash_password(password)
