"""What other modules may know of users, groups and tenants."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select, true

from nexus.access.scope import Scope
from nexus.db.statements import Sql
from nexus.records.reading import Records
from nexus.records.references import Reference, own_tenant
from nexus.records.resources import Parent
from nexus.records.schemas import TenantRead
from projects.reads import PROJECT
from system.tables import groups, tenant_users, tenants, users


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


class GroupRead(TenantRead):
    name: str
    description: str | None
    project_id: str | None
    kind: Literal["administrators", "users", "custom"]
    archived_at: datetime | None


REGION = Sql("SELECT settings ->> 'region' FROM tenants WHERE id = nexus.tenant_id()")
DEFAULT_PROJECT = Sql("SELECT default_project_id FROM preferences WHERE user_id = nexus.user_id()")
# Users who belong to the tenant.
_belong = select(tenant_users.c.user_id).where(tenant_users.c.tenant_id == own_tenant)
USER = Reference(users, UserRecord, wall=users.c.id.in_(_belong))
ACTIVE_USER = Reference(
    users, UserRecord, wall=users.c.id.in_(_belong) & users.c.deactivated_at.is_(None)
)
GROUP = Reference(groups, GroupRecord)
# Tenants that the caller reaches: the policy knows them.
TENANT = Reference(tenants, TenantRecord, wall=true())


class ProjectGroups(Records):
    """The groups that are scoped to a project."""

    table = groups
    read = GroupRead
    path = "/groups/{group_id}"
    references = {"project_id": PROJECT}
    parents = {"project_id": Parent(PROJECT, ("project_id",))}


def default_project_id(scope: Scope) -> str | None:
    """The caller's preference, of whatever tenant."""
    ((found,),) = scope.run(DEFAULT_PROJECT)
    return None if found is None else str(found)


def region(scope: Scope) -> str | None:
    """Where phone numbers of the selected tenant without a country code are read (ISO 3166)."""
    ((found,),) = scope.run(REGION)
    return None if found is None else str(found)
