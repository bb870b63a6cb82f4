"""Priorities: what comes first."""

from typing import Annotated

from pydantic import Field

from nexus.http.routes import crud_router
from nexus.problems import Conflict
from nexus.records.crud import CatalogService
from nexus.records.reading import Record
from nexus.records.schemas import Body, Name, TenantRead, unset
from projects.tables import issue_priorities

Rank = Annotated[
    int, Field(ge=0, le=10_000, description="The least comes first; unique", examples=[30])
]


class IssuePriorityRead(TenantRead):
    name: str
    rank: int
    is_default: bool = Field(description="A new issue's, unless it says another")


class IssuePriorityCreate(Body):
    name: Name
    rank: Rank
    is_default: bool = False


class IssuePriorityUpdate(Body):
    name: Name = unset()
    rank: Rank = unset()
    is_default: bool = unset()


class DefaultPriority(Conflict):
    """The default moves when another is marked; it is not taken away."""


class IssuePriorities(CatalogService):
    table = issue_priorities
    read = IssuePriorityRead
    path = "/issue-priorities/{issue_priority_id}"

    def write(self, record: Record, values: Record) -> Record:
        if values.get("is_default") is False:
            raise DefaultPriority
        return super().write(record, values)

    def remove(self, record: Record) -> None:
        """A tenant without a default of its own has the shared one, which has to be there."""
        if record["is_default"] and self.scope.is_root:
            raise DefaultPriority
        super().remove(record)


router = crud_router(IssuePriorities, IssuePriorityCreate, IssuePriorityUpdate)
