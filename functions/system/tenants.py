"""Tenants: each a district or a company; the root tenant holds what all share."""

from datetime import datetime

from fastapi import Request
from sqlalchemy import ColumnElement, func, insert, select
from starlette.responses import Response
from ulid import ULID

from nexus.http import openapi, responses
from nexus.http.auth import Caller
from nexus.http.routes import crud_router
from nexus.problems import Conflict, NotAllowed
from nexus.records.crud import CrudService
from nexus.records.reading import Record
from nexus.records.schemas import Body, Description, Name, Read, unset
from nexus.settings import settings
from system.groups import Groups
from system.tables import groups, memberships, tenants

GROUPS = "/tenants/{tenant_id}/groups"


class TenantRead(Read):
    name: str
    slug: str
    description: str | None
    is_root: bool
    archived_at: datetime | None


class TenantCreate(Body):
    name: Name
    description: Description | None = None


class TenantUpdate(Body):
    name: Name = unset()
    description: Description | None = unset()


class RootTenant(Conflict):
    """The root tenant holds what all tenants share and stays."""


class Tenants(CrudService):
    table = tenants
    read = TenantRead

    def visible(self) -> ColumnElement[bool]:
        return self.table.c.id.in_(select(func.nexus.visible_tenants()))

    def authorize_write(self) -> None:
        self.scope.require_administrator()

    def create(self, values: Record) -> Record:
        """The caller becomes the new tenant's administrator."""
        if settings().tenant_creation == "root" and not self.scope.is_root_administrator:
            raise NotAllowed("Tenants are created by the root tenant's administrators.")
        tenant_id = str(ULID())
        slug = self.scope.connection.scalar(select(func.nexus.free_slug(values["name"])))
        self.scope.enter(tenant_id=tenant_id)
        record = self.insert({**values, "id": tenant_id, "slug": slug})
        self._seed(tenant_id)
        return record

    def write(self, record: Record, values: Record) -> Record:
        if record["is_root"] and "archived_at" in values:
            raise RootTenant
        return super().write(record, values)

    def remove(self, record: Record) -> None:
        """Its own two groups go with it; anything else holds it."""
        if record["is_root"]:
            raise RootTenant
        seeded = groups.delete().where(
            groups.c.tenant_id == record["id"], groups.c.kind != "custom"
        )
        self.scope.connection.execute(seeded)
        super().remove(record)

    def _seed(self, tenant_id: str) -> None:
        made = {kind: str(ULID()) for kind in ("administrators", "users")}
        self.scope.connection.execute(
            insert(groups).values(
                [{"id": i, "tenant_id": tenant_id, "name": k, "kind": k} for k, i in made.items()]
            )
        )
        self.scope.connection.execute(
            insert(memberships).values(
                id=str(ULID()),
                tenant_id=tenant_id,
                group_id=made["administrators"],
                user_id=self.scope.user_id,
            )
        )


router = crud_router(Tenants, "/tenants/{tenant_id}", TenantCreate, TenantUpdate)


@router.get(GROUPS, **openapi.listed(GROUPS, Groups, "list_groups"))
async def list_tenant_groups(request: Request, scope: Caller) -> Response:
    """The tenant in the path is the request's tenant, so these are the groups of the scope."""
    return responses.page(request, Groups(scope).list(request.query_params.multi_items()))
