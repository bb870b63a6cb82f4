"""Settings of a tenant: a typed object that a merge patch changes member by member."""

from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, literal
from sqlalchemy.dialects.postgresql import JSONB

from nexus.records.schemas import Body, unset
from system.locales import Region, TimeZone


class TenantSettings(BaseModel):
    """As they are shown, none left out."""

    region: str | None = Field(
        default=None,
        description="ISO 3166-1: where phone numbers without a country code are read",
    )
    time_zone: str = Field(default="UTC", description="IANA: which day it is")


class TenantSettingsUpdate(Body):
    region: Region | None = unset()
    time_zone: TimeZone = unset()


def with_defaults(stored: ColumnElement[Any]) -> ColumnElement[Any]:
    """What was never set, or is newer than the tenant, has its default."""
    return literal(TenantSettings().model_dump(), JSONB).op("||", return_type=JSONB())(stored)
