"""The routes of attachments."""

from nexus.http.routes import add_create, add_delete, add_list
from nexus.http.routing import resource_router
from projects.attachments.schemas import AttachmentCreate
from projects.attachments.service import Attachments

PATH = "/issues/{issue_id}/attachments"

router = resource_router()
add_list(router, Attachments, PATH, "attachments.list")
add_create(router, Attachments, PATH, AttachmentCreate, "attachments.create")
add_delete(router, Attachments, verb="attachments.delete")
