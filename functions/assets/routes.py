"""The assets API's table of contents."""

from assets import repairs
from assets.assets import routes as assets
from assets.catalog import routes as catalog
from assets.custody import routes as custody
from nexus.http.dispatch import Contents

router = Contents(tags=["assets"])

# What kinds there are
router.include_router(catalog.router)

# What is owned
router.include_router(assets.router)

# Who has it, where it is
router.include_router(custody.router)

# What is repaired
router.include_router(repairs.router)
