"""The System API's table of contents."""

from fastapi import APIRouter

from system import audit, groups, me, memberships, meta, sessions, tenants, users

router = APIRouter(tags=["system"])

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
