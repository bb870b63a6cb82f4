"""What other modules may know of users, groups and tenants."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from nexus.access.scope import Scope
from nexus.records.query import Reference
from system.tables import groups, memberships, tenants, users


@dataclass(frozen=True, slots=True)
class UserRecord:
    id: str
    username: str
    email: str
    full_name: str | None
    deactivated_at: datetime | None


@dataclass(frozen=True, slots=True)
class GroupRecord:
    id: str
    name: str
    kind: str
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class TenantRecord:
    id: str
    name: str
    slug: str
    archived_at: datetime | None


def users_by_id(scope: Scope, ids: Collection[str]) -> dict[str, UserRecord]:
    """Users who belong to the tenant; others are left out."""
    c = users.c
    belongs = select(memberships.c.user_id).where(
        memberships.c.tenant_id == scope.tenant_id, memberships.c.user_id.in_(ids)
    )
    asked = select(c.id, c.username, c.email, c.full_name, c.deactivated_at).where(
        c.id.in_(belongs)
    )
    return {row["id"]: UserRecord(**row) for row in scope.connection.execute(asked).mappings()}


def groups_by_id(scope: Scope, ids: Collection[str]) -> dict[str, GroupRecord]:
    """Groups of the tenant; others are left out."""
    c = groups.c
    asked = select(c.id, c.name, c.kind, c.archived_at).where(
        c.id.in_(ids), c.tenant_id == scope.tenant_id
    )
    return {row["id"]: GroupRecord(**row) for row in scope.connection.execute(asked).mappings()}


def tenants_by_id(scope: Scope, ids: Collection[str]) -> dict[str, TenantRecord]:
    """Tenants that the caller reaches; the policy knows them."""
    c = tenants.c
    asked = select(c.id, c.name, c.slug, c.archived_at).where(c.id.in_(ids))
    return {row["id"]: TenantRecord(**row) for row in scope.connection.execute(asked).mappings()}


USER, GROUP, TENANT = Reference(users_by_id), Reference(groups_by_id), Reference(tenants_by_id)
