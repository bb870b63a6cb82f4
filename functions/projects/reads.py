"""What other modules may know of projects."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from nexus.access.scope import ROOT_TENANT_ID, Scope
from nexus.records.query import Reference
from projects.tables import projects


@dataclass(frozen=True, slots=True)
class ProjectRecord:
    id: str
    tenant_id: str
    name: str
    key: str
    archived_at: datetime | None


def projects_by_id(scope: Scope, ids: Collection[str]) -> dict[str, ProjectRecord]:
    """Projects of the tenant or shared; ids that are neither are left out."""
    c = projects.c
    asked = select(c.id, c.tenant_id, c.name, c.key, c.archived_at).where(
        c.id.in_(ids), c.tenant_id.in_([scope.selected_tenant_id or ROOT_TENANT_ID, ROOT_TENANT_ID])
    )
    return {row["id"]: ProjectRecord(**row) for row in scope.connection.execute(asked).mappings()}


PROJECT = Reference(projects_by_id)
