"""What bodies and answers about tenants are made of."""

from datetime import datetime
from typing import Annotated

from nexus.records.fields import NormalForm
from nexus.records.schemas import Body, Description, Name, Read, unset
from system.settings import TenantSettings, TenantSettingsUpdate


class TenantRead(Read):
    name: str
    slug: Annotated[str, NormalForm(lambda text: text.strip().lower())]
    description: str | None
    settings: TenantSettings
    is_root: bool
    archived_at: datetime | None


class TenantCreate(Body):
    name: Name
    description: Description | None = None


class TenantUpdate(Body):
    name: Name = unset()
    description: Description | None = unset()
    settings: TenantSettingsUpdate = unset()
