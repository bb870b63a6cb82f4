"""Audit events: who changed what, when; written by the database alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

import pydantic
from sqlalchemy import ColumnElement, and_, bindparam
from ulid import ULID

from nexus.http.routes import add_get, add_list
from nexus.http.routing import resource_router
from nexus.problems import NotFound
from nexus.records.fields import Field, Filter
from nexus.records.history import EXPORTED, Logged
from nexus.records.query import NO_PARAMS, Page, Params
from nexus.records.reading import Record
from nexus.records.references import own_tenant
from nexus.records.schemas import Entry, is_ulid
from system.reads import USER
from system.tables import audit_events

# A day, in milliseconds: the clock that makes an event's id may be behind the one of its record's.
MOST_APART = 86_400_000

BeforeAndAfter = Annotated[
    list[Any], pydantic.Field(description="Before and after", min_length=2, max_length=2)
]


class EventExported(NotFound):
    """The event was exported."""


class AuditEventRead(Entry):
    tenant_id: str | None
    actor_id: str | None
    action: Literal["insert", "update", "delete"]
    resource: str
    record_id: str
    changes: dict[str, BeforeAndAfter]
    occurred_at: datetime
    request_id: str | None


@dataclass(frozen=True)
class RecordField(Field):
    """What an event is about. None is older than that, by its id: the planner leaves out the
    partitions that end before."""

    def condition(self, operator: str, name: str) -> ColumnElement[bool]:
        clause = super().condition(operator, name)
        if operator not in ("eq", "in"):
            return clause
        event_id = audit_events.c.id
        return and_(clause, event_id >= bindparam(f"{name}_from", type_=event_id.type))

    def binds(self, given: Filter, name: str) -> Mapping[str, Any]:
        bound = super().binds(given, name)
        if given.operator not in ("eq", "in"):
            return bound
        return {**bound, f"{name}_from": min(map(_made_after, given.values))}


def _made_after(record_id: str) -> str:
    """Where the events of a record begin; '' for what has no time in its id."""
    if not is_ulid(record_id):
        return ""
    begins = max(ULID.from_str(record_id).milliseconds - MOST_APART, 0)
    return str(ULID.from_bytes(begins.to_bytes(6) + bytes(10)))


class AuditEvents(Logged):
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
    def own_filters(cls) -> Mapping[str, Field]:
        told = cls.fields()["record_id"]
        return {told.name: RecordField(told.name, told.column, told.annotation)}

    def list(self, params: Params = NO_PARAMS) -> Page:
        self.scope.require_administrator()
        return super().list(params)

    def get(self, record_id: str, params: Params = NO_PARAMS) -> Record:
        """Raises EventExported, where that may be why there is none."""
        self.scope.require_administrator()
        try:
            return super().get(record_id, params)
        except NotFound:
            exported = self.scope.run(EXPORTED)
            if not exported or record_id > exported[0][0]:
                raise
            raise EventExported(_place_of(record_id, self.scope.tenant_id)) from None


def _place_of(event_id: str, tenant_id: str) -> str:
    month = ULID.from_str(event_id).datetime.strftime("%Y-%m")
    return (
        "What happened then was exported. If there was such an event, it is in the bucket of audit"
        f" events below {tenant_id}/{month}/, in the last file not named after a later one."
    )


router = resource_router()
add_list(router, AuditEvents, "/audit-events")
add_get(router, AuditEvents)
