"""What other modules may know of projects."""

from dataclasses import dataclass
from datetime import datetime

from nexus.records.references import Reference
from projects.tables import projects


@dataclass(frozen=True, slots=True)
class ProjectRecord:
    id: str
    tenant_id: str
    name: str
    key: str
    archived_at: datetime | None


PROJECT = Reference(projects, ProjectRecord, is_shared=True)
