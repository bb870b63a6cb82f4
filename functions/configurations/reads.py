"""What other modules may know of configuration items."""

from dataclasses import dataclass
from datetime import datetime

from configurations.tables import configuration_items
from nexus.records.references import Reference


@dataclass(frozen=True, slots=True)
class ConfigurationItemRecord:
    id: str
    name: str
    ci_type: str | None
    archived_at: datetime | None


CONFIGURATION_ITEM = Reference(configuration_items, ConfigurationItemRecord)
