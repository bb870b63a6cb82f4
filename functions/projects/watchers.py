"""Watchers: who is told what happens to an issue."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import Field
from sqlalchemy import ColumnElement, bindparam

from nexus.http.routes import add_create, add_delete, add_list
from nexus.http.routing import resource_router
from nexus.problems import Conflict
from nexus.records.crud import CALLER
from nexus.records.parts import PartService
from nexus.records.reading import Record
from nexus.records.resources import Parent
from nexus.records.schemas import Body, Id, TenantRead
from projects.reads import ISSUE
from projects.tables import issues, watchers
from system.reads import ACTIVE_USER, USER

PATH = "/issues/{issue_id}/watchers"


class WatcherRead(TenantRead):
    issue_id: str
    user_id: str
    added_at: datetime


class WatcherCreate(Body):
    user_id: Id | None = Field(default=None, description="The caller, if nobody is named")


class AlreadyWatching(Conflict):
    """This user watches the issue already."""

    constraints = ("uq_watchers_user_id",)


class Watchers(PartService):
    """Found by who watches."""

    table = watchers
    read = WatcherRead
    path = "/issues/{issue_id}/watchers/{user_id}"
    location = "/issues/{issue_id}/watchers?id={id}"
    references = {"issue_id": ISSUE, "user_id": USER}
    written_references = {"user_id": ACTIVE_USER}
    parents = {"issue_id": Parent(ISSUE, ("issue_id",))}
    whole, whole_id = issues, "issue_id"

    @classmethod
    def computed(cls) -> Mapping[str, ColumnElement[Any]]:
        return {"added_at": watchers.c.created_at}

    @classmethod
    def is_named(cls) -> ColumnElement[bool]:
        is_it: ColumnElement[bool] = watchers.c.user_id == bindparam("id", type_=watchers.c.id.type)
        return is_it

    def authorize_write(self) -> None:
        """Members write issues."""

    def insert(self, values: Record) -> Record:
        return super().insert({**values, "user_id": values["user_id"] or CALLER})

    def remove(self, record: Record) -> None:
        self.scope.require_self(
            record["user_id"], "A watcher is removed by themselves, or by an administrator."
        )
        super().remove(record)


router = resource_router()
add_list(router, Watchers, PATH, "watchers.list")
add_create(router, Watchers, PATH, WatcherCreate, "watchers.create")
add_delete(router, Watchers, verb="watchers.delete")
