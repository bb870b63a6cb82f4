"""Rules of issues: what opening one takes, what a change and a transition ask for."""

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from sqlalchemy import Text, bindparam
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from ulid import ULID

from nexus.access.scope import Rows
from nexus.db.statements import Sql, Values
from nexus.problems import Conflict, RecordArchived, ReferenceArchived, ValidationFailed, error
from nexus.records.crud import CALLER, CrudService, is_same, kept
from nexus.records.reading import Record
from nexus.records.states import WrongMove
from projects.issues.field_values import (
    DEFINITIONS,
    by_id,
    checked,
    lacking,
    naming,
    require_known,
)
from projects.issues.records import IssueRecords
from projects.issues.workflow import OPEN, STEP, required
from projects.tables import issues
from system.reads import ACTIVE_USER

# A type, by id or by its key (the tenant's own first), where its workflow begins, what it asks for.
TYPE = Sql(
    "SELECT t.id, s.status_id, nexus.transition_form(t.screen_id, NULL)"
    " FROM issue_types t LEFT JOIN issue_workflow_statuses s"
    " ON s.workflow_id = t.workflow_id AND s.is_initial"
    " WHERE t.tenant_id IN (nexus.tenant_id(), nexus.root_tenant_id())"
    " AND (t.id = $1 OR t.key = $2)"
    " ORDER BY t.tenant_id = nexus.root_tenant_id() LIMIT 1",
    ("issue_type_id", "issue_type"),
)
# What the type of an issue asks for.
FORM = Sql(
    "SELECT nexus.transition_form(t.screen_id, i.id)"
    " FROM issues i JOIN issue_types t ON t.id = i.issue_type_id"
    " WHERE i.tenant_id = nexus.tenant_id() AND i.id = $1",
    ("id",),
)
DEFAULT_PRIORITY = Sql(
    "SELECT id FROM issue_priorities WHERE is_default"
    " AND tenant_id IN (nexus.tenant_id(), nexus.root_tenant_id())"
    " ORDER BY tenant_id = nexus.root_tenant_id() LIMIT 1"
)
COMMENT = Sql(
    "INSERT INTO comments (id, tenant_id, issue_id, author_id, body)"
    " VALUES ($1, nexus.tenant_id(), $2, nexus.user_id(), $3)",
    ("id", "issue_id", "body"),
)


# What the record has, without the fields that are emptied, and with those that are filled.
FIELDS_CHANGED = kept(
    issues.c.fields.op("-")(bindparam("emptied", type_=ARRAY(Text))).op("||")(
        bindparam("filled", type_=JSONB)
    )
)


class WorkflowEmpty(Conflict):
    """The workflow of this type has no statuses yet: POST /issue-workflow-statuses adds one."""


class StatusNotInWorkflow(Conflict):
    """The workflow of the type lacks the status that the issue is in: add it there, or move on
    first."""

    constraints = ("ck_issues_status_id",)


class ProjectArchived(ReferenceArchived):
    """An archived record cannot be newly referenced."""

    constraints = ("ck_issues_project_id",)

    def __init__(self) -> None:
        super().__init__("project_id")

    @classmethod
    def type(cls) -> str:
        """The same whenever it was archived."""
        return ReferenceArchived.type()


class IssueOfRepair(Conflict):
    """An asset is repaired by this issue: it stays of the kind repair."""

    constraints = ("ck_issues_repair",)


class AssigneeOutOfReach(ValidationFailed):
    """An issue is assigned to an active user of the tenant."""

    constraints = ("ck_issues_assignee_id",)

    def __init__(self) -> None:
        super().__init__(error("assignee_id", "is no active user of the tenant"))


class FieldsTooLarge(ValidationFailed):
    """All values of an issue's fields are up to 64 KiB."""

    constraints = ("ck_issues_fields_size",)

    def __init__(self) -> None:
        super().__init__(error("fields", "takes up to 64 KiB together"))


class Issues(IssueRecords, CrudService):
    """Members write them."""

    written_references = {"assignee_id": ACTIVE_USER}
    needed: Sequence[str] = ()  # keys of the fields that the type's screen requires
    before: Record | None = None  # the fields of a record that was locked
    emptied: Sequence[str] = ()  # ids of fields
    filled: Mapping[str, Any] = {}  # values by ids of fields

    def create(self, values: Record) -> Record:
        """Raises WorkflowEmpty."""
        self.authorize_write()
        self.scope.require_tenant()
        if self.within:
            self._require_parents_ahead()
        values = {**values, **self._named_by_path()}
        self.check_references(values)
        return self.insert(self._opened(values))

    def update(self, record_id: str, changes: Record) -> Record:
        if "fields" in changes:
            self.scope.require_tenant()

            def learn(rows: Rows) -> None:
                self._learn(rows)
                require_known(self.known, changes["fields"])

            def learn_needed(rows: Rows) -> None:
                self.needed = [key for (form,) in rows for key in required(form)]

            self.scope.run_ahead(DEFINITIONS, {}, learn)
            self.scope.run_ahead(FORM, {"id": record_id}, learn_needed)
        return super().update(record_id, changes)

    def transition(
        self,
        issue_id: str,
        transition_id: str,
        fields: Mapping[str, Any] | None = None,
        comment: str | None = None,
    ) -> Record:
        """Take a step of the workflow. Raises ValidationFailed, WrongMove, RecordArchived."""
        self.authorize_write()
        asked = {"issue_id": issue_id, "transition_id": transition_id}
        issue, (steps, rows) = self.lock_and_read(issue_id, (STEP, asked), (DEFINITIONS, {}))
        self._learn(rows)
        if not steps:
            raise ValidationFailed(error("transition_id", "there is no such step in the workflow"))
        ((target_id, is_open, requires_comment, form),) = steps
        becomes = {**issue["fields"], **checked(self.known, fields or {}, issue["fields"])}
        changes = {"status_id": target_id, "fields": becomes}
        self.check_references(changes)
        if not is_open:
            self.refuse_step(issue)
        missing = lacking(required(form), becomes)
        if requires_comment and comment is None:
            missing.append(error("comment", "has to be given"))
        if missing:
            raise ValidationFailed(*missing)
        if comment is not None:
            self.scope.run_ahead(COMMENT, {**asked, "id": str(ULID()), "body": comment})
        return self.write(issue, changes)

    def refuse_step(self, issue: Record) -> NoReturn:
        """Raises RecordArchived, WrongMove; for an id of nothing in the fields that before them."""
        ((state, names),) = self.scope.run(OPEN, {"issue_id": issue["id"]})
        raise RecordArchived if issue["archived_at"] else WrongMove(state, names)

    def lock_and_read(
        self, record_id: str, *reads: tuple[Sql, Values]
    ) -> tuple[Record, Sequence[Rows]]:
        record, rows = super().lock_and_read(record_id, *reads)
        self.before = record["fields"]
        return record, rows

    def check_references(self, values: Mapping[str, Any]) -> None:
        """Those of a change's fields too."""
        super().check_references(values)
        if self.before is not None and "fields" in values:
            self._change_fields(self.before, values["fields"])

    def write(self, record: Record, values: Record) -> Record:
        if "fields" in values:
            values = {**values, "fields": FIELDS_CHANGED}
        return super().write(record, values)

    def values(self) -> Record:
        return {"emptied": self.emptied, "filled": self.filled}

    def _opened(self, given: Record) -> Record:
        """What a new issue is made of."""
        fields = given["fields"] or {}
        type_key = given.pop("issue_type")
        asked = {"issue_type_id": given["issue_type_id"], "issue_type": type_key}
        types, priorities, rows = self.scope.run_all(
            (TYPE, asked), (DEFAULT_PRIORITY, {}), (DEFINITIONS, {})
        )
        self._learn(rows)
        if not types:
            raise ValidationFailed(error("issue_type", "there is no type of this key"))
        ((type_id, status_id, form),) = types
        taken = checked(self.known, fields, {})
        if missing := lacking(required(form), taken):
            raise ValidationFailed(*missing)
        if status_id is None:
            raise WorkflowEmpty
        self.check_named(naming(self.known, taken))
        return {
            **given,
            "issue_type_id": type_id,
            "status_id": status_id,
            "priority_id": given["priority_id"] or priorities[0][0],
            "reporter_id": CALLER,
            "fields": by_id(self.known, taken),
        }

    def _change_fields(self, before: Record, after: Record) -> None:
        """From all values by key to all others. Raises ValidationFailed."""
        keys = before.keys() | after.keys()
        differing = {key for key in keys if not is_same(before.get(key), after.get(key))}
        taken = checked(self.known, {key: after.get(key) for key in differing}, before)
        needed = [key for key in taken if self.known[key].is_required or key in self.needed]
        if missing := lacking(needed, taken):
            raise ValidationFailed(*missing)
        self.check_named(naming(self.known, taken))
        self.emptied = [self.known[key].id for key, value in taken.items() if value is None]
        self.filled = by_id(self.known, taken)
