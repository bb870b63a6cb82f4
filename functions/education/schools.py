"""Schools: where people learn and work."""

from collections.abc import Mapping
from datetime import datetime

from education.tables import schools
from locations.reads import LOCATION, within_location
from nexus.http.routes import crud_router
from nexus.records.crud import CrudService
from nexus.records.fields import Field
from nexus.records.references import Reference
from nexus.records.schemas import Body, Id, Name, TenantRead, unset


class SchoolRead(TenantRead):
    name: str
    code: str | None
    location_id: str | None
    archived_at: datetime | None


class SchoolCreate(Body):
    name: Name
    code: Name | None = None
    location_id: Id | None = None


class SchoolUpdate(Body):
    name: Name = unset()
    code: Name | None = unset()
    location_id: Id | None = unset()


class Schools(CrudService):
    """Members write them."""

    table = schools
    read = SchoolRead
    path = "/schools/{school_id}"
    references = {"location_id": LOCATION}

    @classmethod
    def own_filters(cls) -> Mapping[str, Field]:
        return within_location(schools.c.location_id)

    @classmethod
    def checked_filters(cls) -> Mapping[str, Reference]:
        return {**cls.references, "location_id__within": LOCATION}


router = crud_router(Schools, SchoolCreate, SchoolUpdate)
