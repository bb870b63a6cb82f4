"""What other modules may know of projects, issues and how they are configured."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from nexus.db.statements import Sql
from nexus.records.references import Reference
from projects import tables


@dataclass(frozen=True, slots=True)
class ProjectRecord:
    id: str
    tenant_id: str
    name: str
    key: str
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class IssueRecord:
    """`key` is None without a project."""

    id: str
    key: str | None
    title: str
    status_id: str
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class IssueTypeRecord:
    """`kind` is one of six words: what it is for, whatever a tenant calls it."""

    id: str
    tenant_id: str
    name: str
    key: str
    kind: str


@dataclass(frozen=True, slots=True)
class IssueStatusRecord:
    """`category` is open, in_progress or done."""

    id: str
    tenant_id: str
    name: str
    category: str


@dataclass(frozen=True, slots=True)
class IssuePriorityRecord:
    """The least `rank` comes first."""

    id: str
    tenant_id: str
    name: str
    rank: int


@dataclass(frozen=True, slots=True)
class NamedRecord:
    id: str
    tenant_id: str
    name: str


@dataclass(frozen=True, slots=True)
class IssueFieldRecord:
    id: str
    tenant_id: str
    key: str
    name: str
    type: str
    choices: Sequence[str] | None


@dataclass(frozen=True, slots=True)
class IssueLinkTypeRecord:
    id: str
    tenant_id: str
    name: str
    outward: str
    inward: str


PROJECT = Reference(tables.projects, ProjectRecord, is_shared=True)
ISSUE = Reference(tables.issues, IssueRecord)
ISSUE_TYPE = Reference(tables.issue_types, IssueTypeRecord, is_shared=True)
ISSUE_STATUS = Reference(tables.issue_statuses, IssueStatusRecord, is_shared=True)
ISSUE_PRIORITY = Reference(tables.issue_priorities, IssuePriorityRecord, is_shared=True)
ISSUE_WORKFLOW = Reference(tables.issue_workflows, NamedRecord, is_shared=True)
ISSUE_SCREEN = Reference(tables.issue_screens, NamedRecord, is_shared=True)
ISSUE_FIELD = Reference(tables.issue_fields, IssueFieldRecord, is_shared=True)
ISSUE_LINK_TYPE = Reference(tables.issue_link_types, IssueLinkTypeRecord, is_shared=True)

# Where repairs go unless it is said: the shared project for them, and the shared type.
HOME_OF_REPAIRS = Sql(
    "SELECT (SELECT id FROM projects WHERE tenant_id = nexus.root_tenant_id()"
    " AND key = 'MS' AND archived_at IS NULL),"
    " (SELECT id FROM issue_types WHERE tenant_id = nexus.root_tenant_id() AND kind = 'repair'"
    " ORDER BY id LIMIT 1)"
)
