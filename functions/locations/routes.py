"""The locations API's table of contents."""

from fastapi import APIRouter

from locations import location_types

router = APIRouter(tags=["locations"])

router.include_router(location_types.router)
