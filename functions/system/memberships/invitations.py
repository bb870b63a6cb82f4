"""Invitations to other tenants, and leaving one: what is the user's own to decide."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Text, column, func, true

from nexus.db.statements import Sql
from nexus.problems import NotFound
from nexus.records.crud import CrudService
from nexus.records.reading import Record
from system.memberships.schemas import InvitationRead
from system.tables import memberships
from system.tenants.service import Tenants

ACCEPT = Sql("SELECT nexus.accept_invitation($1)", ("id",))
HOLD_CALLER = Sql("SELECT FROM users WHERE id = nexus.user_id() FOR NO KEY UPDATE")
DECLINE = Sql(
    "DELETE FROM memberships WHERE id = $1 AND user_id = nexus.user_id() AND accepted_at IS NULL"
    " RETURNING id",
    ("id",),
)
LEAVE = Sql(
    "DELETE FROM memberships WHERE tenant_id = $1 AND user_id = nexus.user_id()"
    " AND accepted_at IS NOT NULL RETURNING id",
    ("id",),
)
_invited_to = (
    func.nexus.invited_to(memberships.c.id)
    .table_valued(*(column(n, Text) for n in ("tenant_name", "group_name", "invited_by")))
    .lateral("invited_to")
)


class Invitations(CrudService):
    """The caller's, to live groups of live tenants; of whatever tenants."""

    table = memberships
    read = InvitationRead
    path = "/me/invitations/{membership_id}"
    is_of_tenant = False

    @classmethod
    def source(cls) -> FromClause:
        return memberships.join(_invited_to, true())

    @classmethod
    def visible(cls) -> ColumnElement[bool]:
        c = memberships.c
        return (c.user_id == func.nexus.user_id()) & c.accepted_at.is_(None)

    @classmethod
    def computed(cls) -> Mapping[str, ColumnElement[Any]]:
        c = _invited_to.c
        return {name: c[name] for name in ("tenant_name", "group_name", "invited_by")}

    def lock(self, record_id: str) -> Record:
        """The caller's own row is held: it comes before those of memberships."""
        self.scope.run_ahead(HOLD_CALLER, {})
        record = self.find(record_id)
        self.refuse_stale(record)
        return record

    def accept(self, membership_id: str) -> Record:
        """The tenant. Raises NotFound."""
        self.lock(membership_id)
        ((tenant_id,),) = self.scope.run(ACCEPT, {"id": membership_id})
        if tenant_id is None:
            raise NotFound
        self.scope.enter(tenant_id=tenant_id)
        self.scope.answer_tenant_id = tenant_id
        return Tenants(self.scope).find(tenant_id)

    def decline(self, membership_id: str) -> None:
        """Raises NotFound."""
        self.lock(membership_id)
        if not self.scope.run(DECLINE, {"id": membership_id}):
            raise NotFound


class MyTenants(Tenants):
    """Those that the caller reaches."""

    path = "/me/tenants/{tenant_id}"

    def delete(self, record_id: str) -> None:
        """Leave it. Raises NotFound; LastAdministrator."""
        if self.scope.if_match is not None:
            self.refuse_stale(self.find(record_id))
        self.scope.run_ahead(HOLD_CALLER, {})
        if not self.scope.run(LEAVE, {"id": record_id}):
            raise NotFound
