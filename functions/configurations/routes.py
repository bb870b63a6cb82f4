"""The configurations API's table of contents."""

from configurations import relationships
from configurations.configuration_items import routes as configuration_items
from nexus.http.dispatch import Contents

router = Contents(tags=["configurations"])

router.include_router(configuration_items.router)
router.include_router(relationships.router)
