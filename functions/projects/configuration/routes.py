"""The configuration's table of contents."""

from nexus.http.dispatch import Contents
from projects.configuration import (
    issue_fields,
    issue_link_types,
    issue_priorities,
    issue_screen_fields,
    issue_screens,
    issue_statuses,
    issue_types,
    issue_workflow_statuses,
    issue_workflow_transitions,
    issue_workflows,
)

router = Contents()

# What issues are, where they stand, how urgent
router.include_router(issue_types.router)
router.include_router(issue_statuses.router)
router.include_router(issue_priorities.router)
router.include_router(issue_link_types.router)

# The ways between statuses
router.include_router(issue_workflows.router)
router.include_router(issue_workflow_statuses.router)
router.include_router(issue_workflow_transitions.router)

# What is asked for
router.include_router(issue_fields.router)
router.include_router(issue_screens.router)
router.include_router(issue_screen_fields.router)
