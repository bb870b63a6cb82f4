"""Screens: which fields are asked for, at a creation or a transition."""

from nexus.http.routes import crud_router
from nexus.records.crud import CatalogService
from nexus.records.schemas import Body, Name, TenantRead, unset
from projects.tables import issue_screens


class IssueScreenRead(TenantRead):
    name: str


class IssueScreenCreate(Body):
    name: Name


class IssueScreenUpdate(Body):
    name: Name = unset()


class IssueScreens(CatalogService):
    table = issue_screens
    read = IssueScreenRead
    path = "/issue-screens/{issue_screen_id}"


router = crud_router(IssueScreens, IssueScreenCreate, IssueScreenUpdate)
