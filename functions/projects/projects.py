"""Projects: what issues are filed under, and numbered by."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from nexus.db.statements import Sql
from nexus.http.routes import add_list, crud_router
from nexus.problems import Conflict
from nexus.records.crud import CatalogService
from nexus.records.reading import Record
from nexus.records.schemas import Body, Description, Key, Name, TenantRead, unset
from projects.tables import projects
from system.reads import ProjectGroups

FREE_KEY = Sql("SELECT nexus.free_project_key($1)", ("name",))
GROUPS = "/projects/{project_id}/groups"

ProjectKey = Annotated[
    str,
    Key(),
    StringConstraints(pattern=r"^[A-Z0-9]+$", min_length=2, max_length=10),
    Field(description="What issues are numbered by, as in TS-42", examples=["TS"]),
]


class ProjectRead(TenantRead):
    name: str
    key: str
    description: str | None
    archived_at: datetime | None


class ProjectCreate(Body):
    """Without a key it gets one made of its name."""

    name: Name
    key: ProjectKey | None = None
    description: Description | None = None


class ProjectUpdate(Body):
    """The key stays while issues are in the project."""

    name: Name = unset()
    key: ProjectKey = unset()
    description: Description | None = unset()


class ProjectKeyInUse(Conflict):
    """Issues in this project are numbered by its key: move them before it changes."""

    constraints = ("ck_projects_key_kept",)


class Projects(CatalogService):
    table = projects
    read = ProjectRead
    path = "/projects/{project_id}"

    def create(self, values: Record) -> Record:
        self.authorize_write()
        if values["key"] is None:
            self.scope.require_tenant()
            ((key,),) = self.scope.run(FREE_KEY, {"name": values["name"]})
            values = {**values, "key": key}
        return super().create(values)


router = crud_router(Projects, ProjectCreate, ProjectUpdate)
add_list(router, ProjectGroups, GROUPS, "project_groups.list")
