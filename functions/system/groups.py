"""Groups of users; the two that a tenant starts with carry its rights."""

from sqlalchemy import ColumnElement, FromClause, bindparam, func, select

from nexus.http.routes import crud_router
from nexus.problems import Conflict, TooMany
from nexus.records.crud import CrudService
from nexus.records.reading import Record
from nexus.records.resources import Parent
from nexus.records.schemas import Body, Description, Id, Name, unset
from projects.reads import PROJECT
from system.reads import USER, GroupRead
from system.tables import groups


class GroupCreate(Body):
    name: Name
    description: Description | None = None
    project_id: Id | None = None


class GroupUpdate(Body):
    name: Name = unset()
    description: Description | None = unset()
    project_id: Id | None = unset()


class TooManyGroups(TooMany):
    constraints = ("ck_groups_per_tenant",)
    limit = 1_000
    told = (
        "A tenant has up to {limit} groups, archived ones counted: delete one that is not needed."
    )


class SeededGroup(Conflict):
    """The groups that every tenant has keep their names and stay."""


class Groups(CrudService):
    table = groups
    read = GroupRead
    path = "/groups/{group_id}"
    references = {"project_id": PROJECT}

    def authorize_write(self) -> None:
        self.scope.require_administrator()

    def write(self, record: Record, values: Record) -> Record:
        if record["kind"] != "custom" and values.keys() & {"name", "archived_at"}:
            raise SeededGroup
        return super().write(record, values)

    def remove(self, record: Record) -> None:
        if record["kind"] != "custom":
            raise SeededGroup
        super().remove(record)


class GroupsOfUser(Parent):
    """The groups that a user is in, directly or through nested groups."""

    def condition(self, table: FromClause, parameter: str) -> ColumnElement[bool]:
        mine = select(func.nexus.groups_of(bindparam(parameter, type_=table.c.id.type)))
        return table.c.id.in_(mine)


class UserGroups(Groups):
    parents = {"user_id": GroupsOfUser(USER)}


class MyGroups(Groups):
    """The caller's."""

    @classmethod
    def visible(cls) -> ColumnElement[bool]:
        mine = cls.table.c.id.in_(select(func.nexus.groups_of(func.nexus.user_id())))
        return super().visible() & mine


router = crud_router(Groups, GroupCreate, GroupUpdate)
