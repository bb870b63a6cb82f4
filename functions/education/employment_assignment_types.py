"""Assignment types: what people are employed for."""

from education.tables import employment_assignment_types
from nexus.http.routes import crud_router
from nexus.records.crud import CatalogService
from nexus.records.schemas import Body, Name, TenantRead, unset


class EmploymentAssignmentTypeRead(TenantRead):
    name: str


class EmploymentAssignmentTypeCreate(Body):
    name: Name


class EmploymentAssignmentTypeUpdate(Body):
    name: Name = unset()


class EmploymentAssignmentTypes(CatalogService):
    table = employment_assignment_types
    read = EmploymentAssignmentTypeRead
    path = "/employment-assignment-types/{employment_assignment_type_id}"


router = crud_router(
    EmploymentAssignmentTypes, EmploymentAssignmentTypeCreate, EmploymentAssignmentTypeUpdate
)
