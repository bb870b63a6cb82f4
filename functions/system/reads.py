"""What other modules may know of users, groups and tenants."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, true

from nexus.access.scope import Scope
from nexus.db.statements import Sql
from nexus.records.references import Reference, own_tenant
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


REGION = Sql("SELECT settings ->> 'region' FROM tenants WHERE id = nexus.tenant_id()")
# Users who belong to the tenant.
_belong = select(tenant_users.c.user_id).where(tenant_users.c.tenant_id == own_tenant)
USER = Reference(users, UserRecord, wall=users.c.id.in_(_belong))
GROUP = Reference(groups, GroupRecord)
# Tenants that the caller reaches: the policy knows them.
TENANT = Reference(tenants, TenantRecord, wall=true())


def region(scope: Scope) -> str | None:
    """Where phone numbers of the selected tenant without a country code are read (ISO 3166)."""
    ((found,),) = scope.run(REGION)
    return None if found is None else str(found)
