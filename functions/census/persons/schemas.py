"""What bodies and answers about persons, identities and contacts are made of."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from nexus.records.schemas import Body, Id, Name, TenantRead, unset

ContactType = Literal["email", "phone", "address", "other"]
Value = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500),
    Field(
        description="By type: an email address, or a phone number with its country code or of the "
        "tenant's region, which is stored as E.164",
        examples=["zoe.ito@lakeside.example"],
    ),
]
Label = Annotated[Name, Field(examples=["home"])]


class PersonRead(TenantRead):
    current_identity_id: str | None
    user_id: str | None
    external_id: str | None
    name: str | None = Field(description="Of the current identity, as one would say it")
    sort_name: str | None = Field(description="Of the current identity, family name first")
    archived_at: datetime | None


class IdentityRead(TenantRead):
    person_id: str
    first_name: str | None
    middle_name: str | None
    last_name: str | None
    preferred_name: str | None
    is_current: bool = Field(description="Whether it is the person's current identity")
    deactivated_at: datetime | None
    archived_at: datetime | None


class IdentityClosed(IdentityRead):
    """What deactivating and archiving answer with."""

    cleared_current_identity: bool = Field(
        default=False, description="There, and true, if it was the person's current identity"
    )


class ContactRead(TenantRead):
    person_id: str | None
    identity_id: str | None
    type: ContactType
    value: str
    label: str | None
    sort_order: int


class IdentityCreate(Body):
    """A first or a last name, or both."""

    first_name: Name | None = None
    middle_name: Name | None = None
    last_name: Name | None = None
    preferred_name: Name | None = None


class IdentityUpdate(Body):
    first_name: Name | None = unset()
    middle_name: Name | None = unset()
    last_name: Name | None = unset()
    preferred_name: Name | None = unset()


class PersonCreate(Body):
    """The identity becomes the current one."""

    external_id: Name | None = None
    user_id: Id | None = None
    identity: IdentityCreate | None = None


class PersonUpdate(Body):
    external_id: Name | None = unset()
    user_id: Id | None = unset()


class CurrentIdentity(Body):
    identity_id: Id


class ContactCreate(Body):
    type: ContactType
    value: Value
    label: Label | None = None


class ContactUpdate(Body):
    type: ContactType = unset()
    value: Value = unset()
    label: Label | None = unset()


class ContactOrder(Body):
    """All contacts of the person, each once, in their new order."""

    contact_ids: list[Id] = Field(max_length=100)
