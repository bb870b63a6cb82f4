"""What bodies and answers about identities are made of."""

from datetime import datetime

from pydantic import Field

from nexus.records.schemas import Body, Name, TenantRead, unset


class IdentityRead(TenantRead):
    person_id: str
    first_name: str
    middle_name: str | None
    last_name: str
    preferred_name: str | None
    deactivated_at: datetime | None
    archived_at: datetime | None


class IdentityClosed(IdentityRead):
    """What deactivating and archiving answer with."""

    cleared_current_identity: bool = Field(
        default=False, description="There, and true, if it was the person's current identity"
    )


class IdentityCreate(Body):
    first_name: Name
    middle_name: Name | None = None
    last_name: Name
    preferred_name: Name | None = None


class IdentityUpdate(Body):
    first_name: Name = unset()
    middle_name: Name | None = unset()
    last_name: Name = unset()
    preferred_name: Name | None = unset()
