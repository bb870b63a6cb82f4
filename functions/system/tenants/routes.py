"""The routes of tenants."""

from nexus.http.auth import TenantCaller
from nexus.http.routes import add_list, crud_router
from system.groups import Groups
from system.tenants.schemas import TenantCreate, TenantUpdate
from system.tenants.service import Tenants

router = crud_router(Tenants, TenantCreate, TenantUpdate, caller=TenantCaller)
# The tenant in the path is the request's tenant, so these are the groups of the scope.
add_list(router, Groups, f"{Tenants.path}/groups", "list_groups", caller=TenantCaller)
