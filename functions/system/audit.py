"""Audit events: who changed what, when; written by the database alone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement

from nexus.http.routes import add_get, add_list
from nexus.http.routing import resource_router
from nexus.records.query import NO_PARAMS, Page, Params
from nexus.records.reading import Record, Records
from nexus.records.references import Reference, own_tenant
from nexus.records.schemas import Entry
from system.reads import USER
from system.tables import audit_events


class AuditEventRead(Entry):
    tenant_id: str | None
    actor_id: str | None
    action: Literal["insert", "update", "delete"]
    resource: str
    record_id: str
    changes: dict[str, Any]
    occurred_at: datetime
    request_id: str | None


class AuditEvents(Records):
    """Administrators read them; no verb writes."""

    table = audit_events
    read = AuditEventRead
    path = "/audit-events/{audit_event_id}"
    references = {"actor_id": USER}

    @classmethod
    def visible(cls) -> ColumnElement[bool]:
        mine: ColumnElement[bool] = audit_events.c.reader_id == own_tenant
        return mine

    @classmethod
    def computed(cls) -> Mapping[str, ColumnElement[Any]]:
        return {"created_at": audit_events.c.occurred_at}

    @classmethod
    def keys(cls) -> Mapping[str, ColumnElement[Any]]:
        """All of the time is in the id."""
        return dict.fromkeys(("id", "created_at", "occurred_at"), audit_events.c.id)

    @classmethod
    def checked_filters(cls) -> Mapping[str, Reference]:
        """Events of those who have left are found too."""
        return {}

    def list(self, params: Params = NO_PARAMS) -> Page:
        self.scope.require_administrator()
        return super().list(params)

    def get(self, record_id: str, params: Params = NO_PARAMS) -> Record:
        self.scope.require_administrator()
        return super().get(record_id, params)


router = resource_router()
add_list(router, AuditEvents, "/audit-events")
add_get(router, AuditEvents)
