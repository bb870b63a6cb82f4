"""What bodies and answers about contacts are made of."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from nexus.records.schemas import Body, Id, Name, TenantRead, unset

ContactType = Literal["email", "phone", "address", "other"]
Value = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500),
    Field(
        description="By type: an email address, or a phone number with its country code, which is "
        "stored as E.164",
        examples=["zoe.ito@lakeside.example"],
    ),
]
Label = Annotated[Name, Field(examples=["home"])]


class ContactRead(TenantRead):
    person_id: str | None
    identity_id: str | None
    type: ContactType
    value: str
    label: str | None
    sort_order: int


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

    contact_ids: list[Id] = Field(max_length=10_000)
