"""Screen fields: a field on a screen."""

from pydantic import Field

from nexus.http.routes import crud_router
from nexus.problems import TooMany
from nexus.records.schemas import Body, Id, TenantRead, unset
from projects.configuration.positions import Position, PositionedParts
from projects.reads import ISSUE_FIELD, ISSUE_SCREEN
from projects.tables import issue_screen_fields, issue_screens


class IssueScreenFieldRead(TenantRead):
    screen_id: str
    field_id: str
    position: int
    is_required: bool = Field(description="It has to come, wherever this screen is shown")


class IssueScreenFieldCreate(Body):
    screen_id: Id
    field_id: Id
    position: Position | None = None
    is_required: bool = False


class IssueScreenFieldUpdate(Body):
    position: Position = unset()
    is_required: bool = unset()


class TooManyScreenFields(TooMany):
    constraints = ("ck_issue_screen_fields_per_screen",)
    limit = 100
    told = "A screen has up to {limit} fields: remove one that is not needed."


class IssueScreenFields(PositionedParts):
    table = issue_screen_fields
    read = IssueScreenFieldRead
    path = "/issue-screen-fields/{issue_screen_field_id}"
    references = {"screen_id": ISSUE_SCREEN, "field_id": ISSUE_FIELD}
    whole, whole_id = issue_screens, "screen_id"


router = crud_router(IssueScreenFields, IssueScreenFieldCreate, IssueScreenFieldUpdate)
