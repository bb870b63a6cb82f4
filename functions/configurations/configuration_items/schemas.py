"""What bodies and answers about configuration items are made of."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from nexus.records.schemas import Body, Description, Id, Name, TenantRead, unset

CiType = Annotated[Name, Field(examples=["switch"])]
Attributes = Annotated[dict[str, Any], Field(examples=[{"ports": 48, "rack": "B2"}])]


class ConfigurationItemRead(TenantRead):
    name: str
    ci_type: str | None
    description: str | None
    asset_id: str | None
    attributes: dict[str, Any]
    archived_at: datetime | None


class ConfigurationItemCreate(Body):
    name: Name
    ci_type: CiType | None = None
    description: Description | None = None
    asset_id: Id | None = None
    attributes: Attributes = {}


class ConfigurationItemUpdate(Body):
    name: Name = unset()
    ci_type: CiType | None = unset()
    description: Description | None = unset()
    asset_id: Id | None = unset()
    attributes: Attributes = unset()
