"""What bodies and answers about issues are made of."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    Field,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema

from nexus.records.schemas import (
    Body,
    Description,
    Entry,
    Id,
    RecordId,
    TenantRead,
    Timestamp,
    Title,
    unset,
    written_by,
)
from projects.configuration.issue_fields import FieldType
from projects.configuration.issue_statuses import Category
from projects.configuration.issue_types import Kind
from projects.configuration.issue_workflow_transitions import IssueWorkflowTransitionRead
from projects.configuration.keys import IssueKey

Fields = Annotated[
    dict[str, Any],
    Field(description="Values of fields by their keys", examples=[{"risk": "Low"}]),
]
Comment = Annotated[Description, Field(examples=["The lamp is on its way."])]


class IssueRead(TenantRead):
    project_id: str | None
    number: int | None
    key: str | None = Field(description="As TS-42; null without a project")
    previous_keys: list[str] = Field(description="From other projects; they find it still")
    issue_type_id: str
    kind: Kind = Field(description="The type's")
    title: str
    description: str | None
    priority_id: str
    status_id: str
    category: Category = Field(description="The status's")
    reporter_id: str
    assignee_id: str | None
    fields: dict[str, Any] = Field(
        description="Values of custom fields by key. Lists filter by `?cf_<key>=`, by `__gte`,"
        " `__contains` and the like as its type allows, and sort by `cf_<key>`"
    )
    opened_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    archived_at: datetime | None


class ProjectIssueCreate(Body):
    """Its type by id or by key. Without a priority it has the default one."""

    title: Title
    issue_type_id: Id | None = None
    issue_type: IssueKey | None = None
    description: Description | None = None
    priority_id: Id | None = None
    assignee_id: Id | None = None
    due_at: Timestamp | None = None
    fields: Fields | None = None

    @model_validator(mode="after")
    def one_type(self) -> Self:
        if (self.issue_type_id is None) == (self.issue_type is None):
            raise ValueError("give the type by one of two: issue_type_id, or its key as issue_type")
        return self


class IssueCreate(ProjectIssueCreate):
    """Its type by id or by key. Without a priority it has the default one, without a project no
    key."""

    project_id: Id | None = None


class IssueUpdate(Body):
    """Fields are merged one by one; null empties one."""

    title: Title = unset()
    description: Description | None = unset()
    project_id: Id | None = unset()
    issue_type_id: Id = unset()
    priority_id: Id = unset()
    assignee_id: Id | None = unset()
    due_at: Timestamp | None = unset()
    fields: Fields = unset()
    status_id: SkipJsonSchema[
        Annotated[Any, written_by("a transition: POST /issues/{issue_id}/transition")]
    ] = unset()


class Transition(Body):
    """What its screen asks for comes in `fields`, and any others may; all of it happens, or
    nothing."""

    transition_id: Id
    fields: Fields | None = None
    comment: Comment | None = None


class FormStatus(BaseModel):
    id: RecordId
    name: str
    category: Category


class FormField(BaseModel):
    """What a form asks for, and what the issue has."""

    key: str
    name: str
    type: FieldType
    is_required: bool
    choices: list[str] | None
    value: Any


class TransitionRead(IssueWorkflowTransitionRead):
    """A step as one issue sees it."""

    to_status: FormStatus
    fields: list[FormField]
    is_available: bool
    reasons: list[str] = Field(description="Why it is not open now, in words")


class HistoryEntryRead(Entry):
    """One field that changed. What names a record is `{id, name}`, its name as it is now."""

    issue_id: RecordId
    actor_id: str | None
    occurred_at: datetime
    field: str = Field(
        description="The member's name without `_id`; `cf_<key>` of a custom field, `link`"
    )
    old: Any
    new: Any


ActivityKind = Literal[
    "created", "changed", "transitioned", "archived", "restored", "commented", "comment_edited",
    "comment_deleted", "attached", "detached", "linked", "unlinked", "watched", "unwatched",
]  # fmt: skip


class ActivityEntryRead(Entry):
    """What happened to an issue, and around it."""

    issue_id: RecordId
    kind: ActivityKind
    actor_id: str | None
    occurred_at: datetime
    detail: dict[str, Any] = Field(
        description="By kind: `changes` (field, old, new), `comment_id` and `body` (as it is now),"
        " `attachment_id` and `filename`, `link_id` and `issue`, `user`"
    )
