"""The projects API's table of contents."""

from nexus.http.dispatch import Contents
from projects import comments, links, mine, projects, watchers
from projects.attachments import routes as attachments
from projects.configuration import routes as configuration
from projects.issues import routes as issues

router = Contents(tags=["projects"])

# Projects, and the caller's
router.include_router(projects.router)
router.include_router(mine.router)

# Issues and what is below each
router.include_router(issues.router)
router.include_router(comments.router)
router.include_router(attachments.router)
router.include_router(links.router)
router.include_router(watchers.router)

# How they are configured
router.include_router(configuration.router)
