"""Grade levels: how far a pupil is."""

from typing import Annotated

from pydantic import Field

from education.tables import school_grade_levels
from nexus.http.routes import crud_router
from nexus.records.crud import CatalogService
from nexus.records.schemas import Body, Name, TenantRead, unset

Ordinal = Annotated[int, Field(ge=0, le=10_000, description="The lowest comes first")]


class GradeLevelRead(TenantRead):
    name: str
    code: str
    ordinal: int


class GradeLevelCreate(Body):
    name: Name
    code: Name
    ordinal: Ordinal


class GradeLevelUpdate(Body):
    name: Name = unset()
    code: Name = unset()
    ordinal: Ordinal = unset()


class SchoolGradeLevels(CatalogService):
    table = school_grade_levels
    read = GradeLevelRead
    path = "/school-grade-levels/{school_grade_level_id}"


router = crud_router(SchoolGradeLevels, GradeLevelCreate, GradeLevelUpdate)
