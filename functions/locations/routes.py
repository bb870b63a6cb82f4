"""The locations API's table of contents."""

from fastapi import APIRouter

from locations import location_types, locations

router = APIRouter(tags=["locations"])

router.include_router(location_types.router)
router.include_router(locations.router)
