"""The configurations API's table of contents."""

from fastapi import APIRouter

from configurations import configuration_items, impact, relationships

router = APIRouter(tags=["configurations"])

router.include_router(configuration_items.router)
router.include_router(relationships.router)
router.include_router(impact.router)
