"""Assignment types: what people are employed for."""

from education.tables import employment_assignment_types
from nexus.http.routes import crud_router
from nexus.records.crud import CatalogService
from nexus.records.schemas import Body, Name, TenantRead, unset


class AssignmentTypeRead(TenantRead):
    name: str


class AssignmentTypeCreate(Body):
    name: Name


class AssignmentTypeUpdate(Body):
    name: Name = unset()


class EmploymentAssignmentTypes(CatalogService):
    table = employment_assignment_types
    read = AssignmentTypeRead
    path = "/employment-assignment-types/{employment_assignment_type_id}"


router = crud_router(EmploymentAssignmentTypes, AssignmentTypeCreate, AssignmentTypeUpdate)
