"""The locations API's table of contents."""

from locations import location_types
from locations.locations import routes as locations
from nexus.http.dispatch import Contents

router = Contents(tags=["locations"])

router.include_router(location_types.router)
router.include_router(locations.router)
