"""Settings of a tenant: a typed object that a merge patch changes member by member."""

from typing import Annotated, Any

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, literal
from sqlalchemy.dialects.postgresql import JSONB

from nexus.records.schemas import Body, unset
from system.locales import Region, TimeZone

MOST_DAYS = 36_525  # a hundred years
LEAST_DAYS_KEPT = 30  # for who archived the wrong one; of audit events a policy has it too


class TenantSettings(BaseModel):
    """As they are shown, none left out."""

    region: str | None = Field(
        default=None,
        description="ISO 3166-1: where phone numbers without a country code are read",
    )
    time_zone: str = Field(default="UTC", description="IANA: which day it is")
    roll_school_year: bool = Field(
        default=False, description="Whether the school year that holds today becomes current"
    )
    archive_closed_issues_after_days: int | None = Field(
        default=None, description="After how many days closed issues leave lists; null: never"
    )
    purge_archived_after_days: int | None = Field(
        default=None,
        description="After how many days archived records are deleted that nothing else refers to;"
        " null: never",
    )
    export_audit_events_after_days: int | None = Field(
        default=None,
        description="After how many days audit events are exported to a file, a whole month at a"
        " time, and leave lists; null: never",
    )


class TenantSettingsUpdate(Body):
    region: Region | None = unset()
    time_zone: TimeZone = unset()
    roll_school_year: bool = unset()
    archive_closed_issues_after_days: Annotated[int, Field(ge=1, le=MOST_DAYS)] | None = unset()
    purge_archived_after_days: Annotated[int, Field(ge=LEAST_DAYS_KEPT, le=MOST_DAYS)] | None = (
        unset()
    )
    export_audit_events_after_days: (
        Annotated[int, Field(ge=LEAST_DAYS_KEPT, le=MOST_DAYS)] | None
    ) = unset()


def with_defaults(stored: ColumnElement[Any]) -> ColumnElement[Any]:
    """What was never set, or is newer than the tenant, has its default."""
    return literal(TenantSettings().model_dump(), JSONB).op("||", return_type=JSONB())(stored)
