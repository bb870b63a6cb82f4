"""Rules of tenants: who makes one, what it starts with, when it goes."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, insert, true
from ulid import ULID

from nexus.db.statements import Sql
from nexus.problems import Conflict, NotAllowed
from nexus.records.crud import CrudService, is_same
from nexus.records.reading import Record
from nexus.records.references import own_tenant
from nexus.settings import settings
from system.quotas import take_quota
from system.settings import TenantSettings, with_defaults
from system.tables import groups, memberships, tenants
from system.tenants.schemas import TenantRead

DAY = timedelta(days=1)
FREE_SLUG = Sql("SELECT nexus.free_slug($1)", ("name",))


class RootTenant(Conflict):
    """The root tenant holds what all tenants share and stays."""


class Tenants(CrudService):
    table = tenants
    read = TenantRead
    path = "/tenants/{tenant_id}"
    is_of_tenant = False

    @classmethod
    def visible(cls) -> ColumnElement[bool]:
        """The policy knows whom the caller reaches, and takes no longer for whom not."""
        return true()

    @classmethod
    def computed(cls) -> Mapping[str, ColumnElement[Any]]:
        return {"settings": with_defaults(tenants.c.settings)}

    def authorize_write(self) -> None:
        self.scope.require_administrator()

    def create(self, values: Record) -> Record:
        """The caller becomes the new tenant's administrator."""
        self.scope.when_known(self._refuse_others)
        take_quota(self.scope, "tenants", self.scope.user_id, settings().tenants_per_day, DAY)
        tenant_id = values.get("id") or str(ULID())
        slug = self.scope.run(FREE_SLUG, {"name": values["name"]})[0][0]
        self.scope.enter(tenant_id=tenant_id)
        record = self.insert({**values, "id": tenant_id, "slug": slug})
        self._seed(tenant_id)
        self.scope.answer_tenant_id = tenant_id
        return record

    def _refuse_others(self) -> None:
        if settings().tenant_creation == "root" and not self.scope.is_root_administrator:
            raise NotAllowed("Tenants are created by the root tenant's administrators.")

    def write(self, record: Record, values: Record) -> Record:
        if record["is_root"] and "archived_at" in values:
            raise RootTenant
        if "settings" in values:  # what is cleared has its default again, which may be no change
            becomes = TenantSettings(**values["settings"]).model_dump()
            values = {**values, "settings": becomes}
            if is_same(record["settings"], becomes):
                del values["settings"]
        return super().write(record, values) if values else record

    def remove(self, record: Record) -> None:
        """Its own two groups go with it; anything else holds it."""
        if record["is_root"]:
            raise RootTenant
        seeded = groups.delete().where(
            groups.c.tenant_id == record["id"], groups.c.kind != "custom"
        )
        self.scope.execute(seeded)
        super().remove(record)

    def _seed(self, tenant_id: str) -> None:
        made = {kind: str(ULID()) for kind in ("administrators", "users")}
        self.scope.execute(
            insert(groups).values(
                [{"id": i, "tenant_id": tenant_id, "name": k, "kind": k} for k, i in made.items()]
            )
        )
        self.scope.execute(
            insert(memberships).values(
                id=str(ULID()),
                tenant_id=tenant_id,
                group_id=made["administrators"],
                user_id=self.scope.user_id,
                accepted_at=func.now(),
            )
        )


class CurrentTenant(Tenants):
    """The selected one."""

    @classmethod
    def is_named(cls) -> ColumnElement[bool]:
        is_selected: ColumnElement[bool] = cls.table.c.id == own_tenant
        return is_selected
