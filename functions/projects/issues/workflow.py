"""Steps through a workflow: which are open to an issue, what each asks for."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    FromClause,
    Text,
    bindparam,
    cast,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from nexus.db.statements import Sql
from nexus.records.reading import Record, Records
from nexus.records.references import in_tenant, own_tenant
from nexus.records.resources import Choices, Parent
from projects.issues.schemas import TransitionRead
from projects.reads import ISSUE, ISSUE_SCREEN, ISSUE_STATUS, ISSUE_WORKFLOW
from projects.tables import issue_statuses, issue_types, issue_workflow_transitions, issues

STEP = Sql("SELECT * FROM nexus.step_of($1, $2)", ("issue_id", "transition_id"))
# Where an issue is, and the names of the steps that are open to it.
OPEN = Sql(
    "SELECT s.name, ARRAY(SELECT t.name FROM issue_workflow_transitions t"
    " WHERE t.workflow_id = y.workflow_id"
    " AND nexus.is_open(t.from_status_id, t.to_status_id, i.id) ORDER BY t.id)"
    " FROM issues i JOIN issue_types y ON y.id = i.issue_type_id"
    " JOIN issue_statuses s ON s.id = i.status_id"
    " WHERE i.tenant_id = nexus.tenant_id() AND i.id = $1",
    ("issue_id",),
)


class OfIssue(Parent):
    """The steps of the workflow that an issue is in."""

    def condition(self, table: FromClause, parameter: str) -> ColumnElement[bool]:
        types = issue_types.join(issues, issues.c.issue_type_id == issue_types.c.id)
        is_it = issues.c.id == bindparam(parameter, type_=issues.c.id.type)
        workflow = select(issue_types.c.workflow_id).select_from(types)
        of_issue = workflow.where(issues.c.tenant_id == own_tenant, is_it)
        is_step: ColumnElement[bool] = table.c.workflow_id == of_issue.scalar_subquery()
        return is_step


class Transitions(Records):
    """Those of an issue's workflow, as the issue sees them now."""

    table = issue_workflow_transitions
    read = TransitionRead
    path = "/issues/{issue_id}/transitions"
    is_shared = True
    references = {
        "workflow_id": ISSUE_WORKFLOW,
        "from_status_id": ISSUE_STATUS,
        "to_status_id": ISSUE_STATUS,
        "screen_id": ISSUE_SCREEN,
    }
    parents = {"issue_id": OfIssue(ISSUE)}

    @classmethod
    def is_open(cls) -> ColumnElement[bool]:
        c, issue_id = cls.table.c, bindparam("issue_id", type_=Text)
        return func.nexus.is_open(c.from_status_id, c.to_status_id, issue_id, type_=Boolean)

    @classmethod
    def computed(cls) -> Mapping[str, ColumnElement[Any]]:
        c, s = cls.table.c, issue_statuses.c
        target = func.jsonb_build_object("id", s.id, "name", s.name, "category", s.category)
        is_target = (s.id == c.to_status_id) & in_tenant(issue_statuses, is_shared=True)
        issue_id = bindparam("issue_id", type_=Text)
        return {
            "to_status": select(cast(target, JSONB)).where(is_target).scalar_subquery(),
            "fields": func.nexus.transition_form(c.screen_id, issue_id, type_=JSONB),
            "is_available": cls.is_open(),
            "reasons": func.nexus.why_not(
                c.from_status_id, c.to_status_id, issue_id, type_=ARRAY(Text)
            ),
        }

    @classmethod
    def choices(cls) -> Mapping[str, Choices]:
        return {"unavailable": {"false": cls.is_open(), "true": None}}

    def values(self) -> Record:
        return {"issue_id": ""}


def required(form: Sequence[Mapping[str, Any]]) -> list[str]:
    """The keys of the fields that have to be given, of what nexus.transition_form tells."""
    return [field["key"] for field in form if field["is_required"]]
