"""What other modules may know of configuration items."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from configurations.tables import configuration_items
from nexus.access.scope import Scope
from nexus.records.query import Reference


@dataclass(frozen=True, slots=True)
class ConfigurationItemRecord:
    id: str
    name: str
    ci_type: str | None
    archived_at: datetime | None


def configuration_items_by_id(
    scope: Scope, ids: Collection[str]
) -> dict[str, ConfigurationItemRecord]:
    """Configuration items of the tenant; others are left out."""
    c = configuration_items.c
    asked = select(c.id, c.name, c.ci_type, c.archived_at).where(
        c.id.in_(ids), c.tenant_id == scope.tenant_id
    )
    return {
        row["id"]: ConfigurationItemRecord(**row)
        for row in scope.connection.execute(asked).mappings()
    }


CONFIGURATION_ITEM = Reference(configuration_items_by_id)
