"""Location types: site, building, room …"""

from locations.tables import location_types
from nexus.crud import CatalogService
from nexus.routers import crud_router
from nexus.schemas import Body, Name, TenantRead, absent


class LocationTypeRead(TenantRead):
    name: str


class LocationTypeCreate(Body):
    name: Name


class LocationTypeUpdate(Body):
    name: Name = absent()


class LocationTypes(CatalogService):
    table = location_types
    read = LocationTypeRead


router = crud_router(
    LocationTypes, "/location-types/{location_type_id}", LocationTypeCreate, LocationTypeUpdate
)
