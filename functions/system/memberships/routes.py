"""The routes of memberships."""

from nexus.http.routes import add_create, add_delete, add_list
from nexus.http.routing import resource_router
from system.memberships.schemas import MembershipCreate
from system.memberships.service import Memberships

PATH = "/groups/{group_id}/memberships"

router = resource_router()
add_list(router, Memberships, PATH, "memberships.list")
add_create(router, Memberships, PATH, MembershipCreate, "memberships.create")
add_delete(router, Memberships, verb="memberships.delete")
