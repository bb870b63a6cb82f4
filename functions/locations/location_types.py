"""Location types: site, building, room …"""

from locations.tables import location_types
from nexus.http.routes import crud_router
from nexus.records.crud import CatalogService
from nexus.records.schemas import Body, Name, TenantRead, unset


class LocationTypeRead(TenantRead):
    name: str


class LocationTypeCreate(Body):
    name: Name


class LocationTypeUpdate(Body):
    name: Name = unset()


class LocationTypes(CatalogService):
    table = location_types
    read = LocationTypeRead
    path = "/location-types/{location_type_id}"


router = crud_router(LocationTypes, LocationTypeCreate, LocationTypeUpdate)
