"""Statuses: where an issue stands."""

from typing import Literal

from nexus.http.routes import crud_router
from nexus.problems import Conflict
from nexus.records.crud import CatalogService
from nexus.records.schemas import Body, Name, TenantRead, unset
from projects.tables import issue_statuses

Category = Literal["open", "in_progress", "done"]


class IssueStatusRead(TenantRead):
    name: str
    category: Category


class IssueStatusCreate(Body):
    name: Name
    category: Category


class IssueStatusUpdate(Body):
    name: Name = unset()
    category: Category = unset()


class CategoryInUse(Conflict):
    """Issues are in this status: make another one, and move them there by a transition."""

    constraints = ("ck_issue_statuses_category_kept",)


class IssueStatuses(CatalogService):
    table = issue_statuses
    read = IssueStatusRead
    path = "/issue-statuses/{issue_status_id}"


router = crud_router(IssueStatuses, IssueStatusCreate, IssueStatusUpdate)
