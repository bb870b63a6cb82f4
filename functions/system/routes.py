"""The System API's table of contents."""

from nexus.http.dispatch import Contents
from system import audit, groups, meta, problem_types
from system.me import routes as me
from system.memberships import routes as memberships
from system.sessions import routes as sessions
from system.tenants import routes as tenants
from system.users import routes as users

router = Contents(tags=["system"])

# The caller
router.include_router(sessions.router)
router.include_router(me.router)

# Tenants and who is in them
router.include_router(tenants.router)
router.include_router(users.router)
router.include_router(groups.router)
router.include_router(memberships.router)

# What happened, and the API itself
router.include_router(audit.router)
router.include_router(meta.router)
router.include_router(problem_types.router)
