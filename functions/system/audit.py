"""Audit events: who changed what, when; written by the database alone."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, literal

from nexus.http.routes import add_get, add_list
from nexus.http.routing import resource_router
from nexus.records.crud import CrudService
from nexus.records.query import Page, Params, Query
from nexus.records.reading import Record
from nexus.records.schemas import Read
from system.reads import USER
from system.tables import audit_events


class AuditEventRead(Read):
    tenant_id: str | None
    actor_id: str | None
    action: Literal["insert", "update", "delete"]
    resource: str
    record_id: str
    changes: dict[str, Any]
    occurred_at: datetime
    request_id: str | None


class AuditEvents(CrudService):
    """Administrators read them; no verb writes."""

    table = audit_events
    read = AuditEventRead
    references = {"actor_id": USER}

    def visible(self) -> ColumnElement[bool]:
        c = audit_events.c
        own = c.tenant_id == self.scope.tenant_id
        # What belongs to no tenant (sign-ups, sessions, deleted tenants) is the root tenant's.
        return own | c.tenant_id.is_(None) if self.scope.is_root else own

    def computed(self) -> dict[str, ColumnElement[Any]]:
        moment = audit_events.c.occurred_at
        return {"created_at": moment, "updated_at": moment, "version": literal(1)}

    def check_filters(self, query: Query) -> None:
        """Events of those who have left are found too."""

    def list(self, params: Params, *within: ColumnElement[bool]) -> Page:
        self.scope.require_administrator()
        return super().list(params, *within)

    def get(self, record_id: str, params: Params = ()) -> Record:
        self.scope.require_administrator()
        return super().get(record_id, params)


router = resource_router()
add_list(router, AuditEvents, "/audit-events")
add_get(router, AuditEvents, "/audit-events/{audit_event_id}")
