"""What bodies and answers about the caller are made of."""

from typing import Annotated, Any, Literal

from pydantic import Field

from nexus.records.schemas import Body, Id, Read, unset
from system.locales import Locale, TimeZone
from system.users.schemas import GivenPassword, Password

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
    current_password: GivenPassword
    new_password: Password
