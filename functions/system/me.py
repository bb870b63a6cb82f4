"""The signed-in user: account, password, tenants, groups, preferences."""

from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import Request
from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import to_json
from sqlalchemy import ColumnElement, func, select, update
from starlette.responses import Response

from nexus.access import passwords
from nexus.access.scope import Scope
from nexus.access.tokens import keyed_text
from nexus.http import openapi, responses
from nexus.http.auth import Caller
from nexus.http.routing import resource_router
from nexus.problems import NotFound, ValidationFailed, error
from nexus.records.crud import CrudService
from nexus.records.reading import Record
from nexus.records.schemas import Body, Id, Read, unset
from projects.reads import PROJECT
from system.groups import Groups
from system.reads import TENANT
from system.sessions import FAILURES_OF_A_NAME, Sessions, count_attempts
from system.tables import preferences, sessions, users
from system.tenants import TenantRead, Tenants
from system.users import Password, UserRead, Users, UserUpdate

EXTRA_BYTES = 8 * 1024
ME, TENANTS, GROUPS = "/me", "/me/tenants", "/me/groups"
CURRENT_TENANT, PREFERENCES, PASSWORD = "/me/current-tenant", "/me/preferences", "/me/password"


def check_time_zone(value: str) -> str:
    try:
        return ZoneInfo(value).key
    except (KeyError, ValueError, OSError):
        raise ValueError("is no IANA time zone, such as Europe/Berlin") from None


TimeZone = Annotated[str, StringConstraints(max_length=64), AfterValidator(check_time_zone)]
# A BCP 47 language tag.
Locale = Annotated[
    str, Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}$", examples=["en-GB"])
]
Theme = Literal["system", "light", "dark"]


class PreferencesRead(Read):
    user_id: str
    default_tenant_id: str | None
    default_project_id: str | None
    locale: str
    time_zone: str
    theme: Theme
    page_size: int
    extra: dict[str, Any]


class PreferencesUpdate(Body):
    default_tenant_id: Id | None = unset()
    default_project_id: Id | None = unset()
    locale: Locale = unset()
    time_zone: TimeZone = unset()
    theme: Theme = unset()
    page_size: Annotated[int, Field(ge=1, le=200)] = unset()
    extra: dict[str, Any] = unset()


class TenantSelection(Body):
    tenant_id: Id


class PasswordChange(Body):
    current_password: Annotated[str, StringConstraints(max_length=1024)]
    new_password: Password


class Me(Users):
    """The caller's own account, whatever tenants it belongs to."""

    def visible(self) -> ColumnElement[bool]:
        return users.c.id == self.scope.user_id

    def authorize_write(self) -> None:
        """Everybody may."""

    def _belongs_elsewhere(self, user_id: str) -> bool:  # noqa: ARG002 - whoever it is
        return False

    def change_password(self, body: PasswordChange) -> None:
        """Ends all other sessions. Raises TooManyAttempts: an open session may not guess on."""
        c, throttle = users.c, keyed_text("password of", self.scope.user_id)
        count_attempts(self.scope, (throttle, FAILURES_OF_A_NAME))
        self.scope.enter()
        asked = select(c.password_hash).where(c.id == self.scope.user_id).with_for_update()
        hashed = self.scope.connection.execute(asked).scalar_one()
        if not passwords.is_password(hashed, body.current_password):
            raise ValidationFailed(error("current_password", "is not your password"))
        changed = {"password_hash": passwords.hash_password(body.new_password)}
        self.scope.connection.execute(
            update(users).where(c.id == self.scope.user_id).values(changed)
        )
        self.scope.connection.execute(select(func.nexus.forgive_attempt(throttle, None, None)))
        Sessions(self.scope).end_others()


class Preferences(CrudService):
    table = preferences
    read = PreferencesRead
    references = {"default_tenant_id": TENANT, "default_project_id": PROJECT}

    def visible(self) -> ColumnElement[bool]:
        return preferences.c.user_id == self.scope.user_id

    def own_id(self) -> str:
        asked = select(preferences.c.id).where(self.visible())
        return str(self.scope.connection.execute(asked).scalar_one())

    def write(self, record: Record, values: Record) -> Record:
        if len(to_json(values.get("extra"))) > EXTRA_BYTES:
            raise ValidationFailed(error("extra", "takes up to 8 KiB"))
        return super().write(record, values)


def select_tenant(scope: Scope, tenant_id: str) -> Record:
    """Raises NotFound for what the caller does not reach."""
    tenant = Tenants(scope).find(tenant_id)
    chosen = {"tenant_id": tenant_id, "project_id": None}
    is_other = sessions.c.tenant_id.is_distinct_from(tenant_id)
    own = update(sessions).where(sessions.c.id == scope.session_id, is_other)
    scope.connection.execute(own.values(chosen))
    return tenant


router = resource_router()


@router.get(ME, **openapi.operation(ME, "get", UserRead, Me))
async def get_me(request: Request, scope: Caller) -> Response:
    found = Me(scope).get(scope.user_id, request.query_params.multi_items())
    return responses.record(request, found)


@router.patch(ME, **openapi.operation(ME, "update", UserRead))
async def update_me(request: Request, scope: Caller, body: UserUpdate) -> Response:
    changes = body.model_dump(exclude_unset=True)
    return responses.record(request, Me(scope).update(scope.user_id, changes))


@router.post(PASSWORD, status_code=204, **openapi.operation(PASSWORD, "change_password"))
async def change_password(scope: Caller, body: PasswordChange) -> Response:
    Me(scope).change_password(body)
    return responses.nothing()


@router.get(TENANTS, **openapi.listed(TENANTS, Tenants, "list_tenants"))
async def list_my_tenants(request: Request, scope: Caller) -> Response:
    return responses.page(request, Tenants(scope).list(request.query_params.multi_items()))


@router.get(GROUPS, **openapi.listed(GROUPS, Groups, "list_groups"))
async def list_my_groups(request: Request, scope: Caller) -> Response:
    params = request.query_params.multi_items()
    return responses.page(request, Groups(scope).of_user(scope.user_id, params))


@router.get(
    CURRENT_TENANT, **openapi.operation(CURRENT_TENANT, "get_current_tenant", TenantRead, Tenants)
)
async def get_current_tenant(request: Request, scope: Caller) -> Response:
    if scope.selected_tenant_id is None:
        raise NotFound("No tenant is selected.")
    params = request.query_params.multi_items()
    found = Tenants(scope).get(scope.selected_tenant_id, params)
    return responses.record(request, found, of=scope.selected_tenant_id)


@router.post(CURRENT_TENANT, **openapi.operation(CURRENT_TENANT, "select_tenant", TenantRead))
async def select_current_tenant(request: Request, scope: Caller, body: TenantSelection) -> Response:
    return responses.record(request, select_tenant(scope, body.tenant_id))


@router.get(
    PREFERENCES, **openapi.operation(PREFERENCES, "get_preferences", PreferencesRead, Preferences)
)
async def get_preferences(request: Request, scope: Caller) -> Response:
    own = Preferences(scope)
    return responses.record(request, own.get(own.own_id(), request.query_params.multi_items()))


@router.patch(PREFERENCES, **openapi.operation(PREFERENCES, "update_preferences", PreferencesRead))
async def update_preferences(request: Request, scope: Caller, body: PreferencesUpdate) -> Response:
    own = Preferences(scope)
    return responses.record(request, own.update(own.own_id(), body.model_dump(exclude_unset=True)))
