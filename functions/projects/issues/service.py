"""Rules of issues: what opening one takes, what a change and a transition ask for."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    Text,
    any_,
    bindparam,
    func,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from ulid import ULID

from nexus.access.scope import Rows
from nexus.db.statements import Sql, Values
from nexus.problems import Conflict, RecordArchived, ReferenceArchived, ValidationFailed, error
from nexus.records.crud import CALLER, CrudService, is_same, kept
from nexus.records.fields import Field, id_filter, invalid
from nexus.records.keyset import Order
from nexus.records.query import NO_PARAMS, Page, Params, Query
from nexus.records.reading import BY_VALUE, Record
from nexus.records.references import IDS, Reference, own_tenant
from nexus.records.related import RelatedFilter
from nexus.records.resources import Parent
from nexus.records.states import WrongMove
from projects.issues import custom
from projects.issues.field_values import (
    DEFINITIONS,
    Definitions,
    by_id,
    checked,
    definitions,
    lacking,
    naming,
    require_known,
)
from projects.issues.schemas import IssueRead
from projects.issues.workflow import OPEN, STEP
from projects.reads import ISSUE, ISSUE_PRIORITY, ISSUE_STATUS, ISSUE_TYPE, PROJECT
from projects.tables import issue_keys, issues, links, watchers
from system.reads import ACTIVE_USER, USER

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
NEEDED = Sql(
    "SELECT f.key FROM issues i JOIN issue_types t ON t.id = i.issue_type_id"
    " JOIN issue_screen_fields s ON s.screen_id = t.screen_id"
    " JOIN issue_fields f ON f.id = s.field_id"
    " WHERE i.tenant_id = nexus.tenant_id() AND i.id = $1 AND s.is_required",
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


class KeyFilter(Field):
    """An issue is found by each key that it ever had."""

    def condition(self, operator: str, name: str) -> ColumnElement[bool]:
        if operator in ("eq", "in"):
            return EVER.condition(operator, name)
        return super().condition(operator, name)


_keys = issue_keys.c
EVER = RelatedFilter("key", _keys.key, str, owner=issues.c.id, related=_keys.issue_id)


class Issues(CrudService):
    """Members write them."""

    table = issues
    read = IssueRead
    path = "/issues/{issue_id}"
    references = {
        "project_id": PROJECT,
        "issue_type_id": ISSUE_TYPE,
        "priority_id": ISSUE_PRIORITY,
        "status_id": ISSUE_STATUS,
        "reporter_id": USER,
        "assignee_id": USER,
    }
    written_references = {"assignee_id": ACTIVE_USER}
    indexed = (*references, "kind", "category")
    covered = ("updated_at", "closed_at", "due_at")
    parents = {"project_id": Parent(PROJECT, ("project_id",))}
    known: Definitions = {}  # the fields that there are, where a request names some
    needed: Sequence[str] = ()  # keys of the fields that the type's screen requires
    before: Record | None = None  # the fields of a record that was locked
    sorted_by: str = ""  # the id of a field
    emptied: Sequence[str] = ()  # ids of fields
    filled: Mapping[str, Any] = {}  # values by ids of fields

    @classmethod
    def computed(cls) -> Mapping[str, ColumnElement[Any]]:
        by_key = func.nexus.fields_by_key(issues.c.fields, type_=JSONB)
        return {"fields": by_key, "opened_at": issues.c.created_at}

    @classmethod
    def keys(cls) -> Mapping[str, ColumnElement[Any]]:
        return {**super().keys(), "opened_at": issues.c.id}

    @classmethod
    def own_filters(cls) -> Mapping[str, Field]:
        c, watched = issues.c, watchers.c
        return {
            "key": KeyFilter("key", c.key, str, normal_form=_key),
            "watcher_id": RelatedFilter(
                "watcher_id", watched.user_id, str, owner=c.id, related=watched.issue_id
            ),
            **id_filter("linked_issue_id", lambda ids: c.id == any_(_linked_to(ids))),
        }

    @classmethod
    def checked_filters(cls) -> Mapping[str, Reference]:
        return {**cls.references, "watcher_id": USER, "linked_issue_id": ISSUE}

    @classmethod
    def field_named(cls, name: str) -> Field:
        return custom.OF_SHAPES.get(name) or super().field_named(name)

    @classmethod
    def joined(cls, rows: Select[Any], orders: Sequence[Order]) -> Select[Any]:
        is_custom = isinstance(orders[0].field, custom.SortField)
        return custom.joined(rows) if is_custom else rows

    def list(self, params: Params = NO_PARAMS) -> Page:
        """Where custom fields are asked for, what there is takes another wait."""
        if custom.asks_custom(params):
            self.scope.require_tenant()
            self._learn(self.scope.run(DEFINITIONS))
        return super().list(params)

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
                self.needed = [key for (key,) in rows]

            self.scope.run_ahead(DEFINITIONS, {}, learn)
            self.scope.run_ahead(NEEDED, {"id": record_id}, learn_needed)
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
        ((source_id, target_id, requires_comment, form),) = steps
        becomes = {**issue["fields"], **checked(self.known, fields or {}, issue["fields"])}
        changes = {"status_id": target_id, "fields": becomes}
        self.check_references(changes)
        self.refuse_closed(issue, source_id, target_id)
        missing = lacking([one["key"] for one in form if one["is_required"]], becomes)
        if requires_comment and comment is None:
            missing.append(error("comment", "has to be given"))
        if missing:
            raise ValidationFailed(*missing)
        if comment is not None:
            self.scope.run_ahead(COMMENT, {**asked, "id": str(ULID()), "body": comment})
        return self.write(issue, changes)

    def refuse_closed(self, issue: Record, source_id: str | None, target_id: str) -> None:
        """Raises WrongMove, RecordArchived; for an id of nothing in the fields that before them."""
        if issue["archived_at"]:
            self.scope.run_all()
            raise RecordArchived
        if issue["status_id"] == target_id or source_id not in (None, issue["status_id"]):
            ((state, names),) = self.scope.run(OPEN, {"issue_id": issue["id"]})
            raise WrongMove(state, names)

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

    def _query(self, params: Params) -> Query:
        fields, known = self.fields(), self.known
        filters = {**self.filters(), **custom.filters(known)}
        if any(name.startswith(custom.PREFIX) for name in custom.sort_names(params)[1:]):
            raise invalid("sort", "takes one custom field, before all others")
        query = Query(params, fields, self.parameters(), filters, {**fields, **custom.sorts(known)})
        query.filters = custom.merged(query.filters)
        return query

    def _bound(self, query: Query) -> Record:
        first = query.orders[0].field
        if isinstance(first, custom.SortField) and first.definition:
            self.sorted_by = first.definition.id
        return {**super()._bound(query), "sort_field": self.sorted_by}

    def _check_ahead(self, query: Query) -> None:
        super()._check_ahead(query)
        for given in query.filters:
            if isinstance(given.field, custom.CustomFilter) and given.field.names is not None:
                wanted = {given.field.parameter: list(given.values)}
                if given.operator in BY_VALUE:
                    self.require_named(wanted, {given.field.parameter: given.field.names})

    def _cursor_context(self) -> str:
        """Of a custom field, which one: another may have its key by now."""
        context = super()._cursor_context()
        return f"{context} {self.sorted_by}" if self.sorted_by else context

    def _learn(self, rows: Rows) -> None:
        self.known = definitions(rows)

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
        if missing := lacking([one["key"] for one in form if one["is_required"]], taken):
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


def _key(text: str) -> str:
    return text.strip().upper()


def _linked_to(ids: BindParameter[Any]) -> ColumnElement[Any]:
    """The ids of what is linked to the issues of the bound ids, as an array."""
    c = links.c
    outward = select(c.target_id).where(c.tenant_id == own_tenant, c.source_id == any_(ids))
    inward = select(c.source_id).where(c.tenant_id == own_tenant, c.target_id == any_(ids))
    return func.array(union_all(outward, inward).scalar_subquery(), type_=IDS)
