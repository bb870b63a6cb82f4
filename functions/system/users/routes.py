"""The routes of users."""

from nexus.http.routes import (
    add_action,
    add_create,
    add_delete,
    add_get,
    add_list,
    add_update,
)
from nexus.http.routing import resource_router
from system.groups import UserGroups
from system.users.schemas import UserCreate, UserUpdate
from system.users.service import Users

router = resource_router()
add_list(router, Users, "/users")
add_create(router, Users, "/users", UserCreate)
add_get(router, Users)
add_update(router, Users, UserUpdate)
add_delete(router, Users)
add_action(router, Users, "deactivate", Users.deactivate)
add_action(router, Users, "restore", Users.restore)
add_list(router, UserGroups, f"{Users.path}/groups", "list_groups")
