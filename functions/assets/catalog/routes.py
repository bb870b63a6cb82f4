"""The catalog's table of contents."""

from assets.catalog import asset_models, asset_types, manufacturers
from nexus.http.dispatch import Contents

router = Contents()

router.include_router(manufacturers.router)
router.include_router(asset_types.router)
router.include_router(asset_models.router)
