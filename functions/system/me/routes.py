"""The routes of the caller's own."""

from fastapi import Request
from starlette.responses import Response

from nexus.http import openapi, responses
from nexus.http.auth import Caller
from nexus.http.routes import add_action, add_delete, add_list, params_of
from nexus.http.routing import resource_router
from nexus.problems import NotFound
from nexus.records.schemas import Body
from system.groups import MyGroups
from system.me.schemas import PasswordChange, PreferencesRead, PreferencesUpdate, TenantSelection
from system.me.service import Me, Preferences, select_tenant
from system.memberships.invitations import Invitations, MyTenants
from system.tenants.schemas import TenantRead
from system.tenants.service import CurrentTenant
from system.users.schemas import MeUpdate, UserRead

ME, PASSWORD, PREFERENCES = "/me", "/me/password", "/me/preferences"
CURRENT_TENANT = "/me/current-tenant"

router = resource_router()
add_list(router, MyTenants, "/me/tenants", "list_tenants")
add_delete(router, MyTenants, verb="leave_tenant")
add_list(router, Invitations, "/me/invitations", "list_invitations")
add_action(
    router,
    Invitations,
    "accept",
    Invitations.accept,
    Body,
    operation="accept_invitation",
    read=TenantRead,
)
add_action(
    router,
    Invitations,
    "decline",
    Invitations.decline,
    Body,
    204,
    operation="decline_invitation",
)
add_list(router, MyGroups, "/me/groups", "list_groups")


@router.get(ME, **openapi.operation(ME, "get", UserRead, Me))
async def get_me(request: Request, scope: Caller) -> Response:
    return responses.record(request, Me(scope).get("", params_of(request)), is_of_id=True)


@router.patch(ME, **openapi.operation(ME, "update", UserRead, Me))
async def update_me(request: Request, scope: Caller, body: MeUpdate) -> Response:
    changed = Me(scope).update("", body.model_dump(exclude_unset=True))
    return responses.record(request, changed, is_of_id=True)


@router.post(PASSWORD, status_code=204, **openapi.operation(PASSWORD, "change_password"))
async def change_password(scope: Caller, body: PasswordChange) -> Response:
    Me(scope).change_password(body)
    return responses.nothing()


@router.get(
    CURRENT_TENANT,
    **openapi.operation(CURRENT_TENANT, "get_current_tenant", TenantRead, CurrentTenant),
)
async def get_current_tenant(request: Request, scope: Caller) -> Response:
    try:
        found = CurrentTenant(scope).get("", params_of(request))
    except NotFound:
        scope.require_authenticated()
        raise NotFound("No tenant is selected.") from None
    return responses.record(request, found, is_of_id=True)


@router.post(CURRENT_TENANT, **openapi.operation(CURRENT_TENANT, "select_tenant", TenantRead))
async def select_current_tenant(request: Request, scope: Caller, body: TenantSelection) -> Response:
    return responses.record(request, select_tenant(scope, body.tenant_id))


@router.get(
    PREFERENCES, **openapi.operation(PREFERENCES, "get_preferences", PreferencesRead, Preferences)
)
async def get_preferences(request: Request, scope: Caller) -> Response:
    found = Preferences(scope).get("", params_of(request))
    return responses.record(request, found, is_of_id=True)


@router.patch(
    PREFERENCES,
    **openapi.operation(PREFERENCES, "update_preferences", PreferencesRead, Preferences),
)
async def update_preferences(request: Request, scope: Caller, body: PreferencesUpdate) -> Response:
    changes = body.model_dump(exclude_unset=True)
    return responses.record(request, Preferences(scope).update("", changes), is_of_id=True)
