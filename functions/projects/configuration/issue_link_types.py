"""Link types: what one issue is to another, read from either end."""

from nexus.http.routes import crud_router
from nexus.records.crud import CatalogService
from nexus.records.schemas import Body, Name, TenantRead, unset
from projects.tables import issue_link_types


class IssueLinkTypeRead(TenantRead):
    name: str
    outward: str
    inward: str


class IssueLinkTypeCreate(Body):
    """`outward` is read from the issue that links ("blocks"), `inward` from the other ("is blocked
    by")."""

    name: Name
    outward: Name
    inward: Name


class IssueLinkTypeUpdate(Body):
    name: Name = unset()
    outward: Name = unset()
    inward: Name = unset()


class IssueLinkTypes(CatalogService):
    table = issue_link_types
    read = IssueLinkTypeRead
    path = "/issue-link-types/{issue_link_type_id}"


router = crud_router(IssueLinkTypes, IssueLinkTypeCreate, IssueLinkTypeUpdate)
