"""What bodies and answers about users are made of."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints, WithJsonSchema

from nexus.emails import Email, normal_name
from nexus.records.fields import NormalForm
from nexus.records.schemas import Body, Name, Read, unset

Username = Annotated[
    str,
    StringConstraints(to_lower=True, strip_whitespace=True, pattern=r"^[A-Za-z0-9._-]{3,64}$"),
    Field(examples=["zoe.ito"]),
]
Password = Annotated[
    str,
    StringConstraints(min_length=12, max_length=1024),
    Field(
        description="A new one: none of those that are guessed first, such as a common password, a "
        "row of keys or one character repeated; without the username and the part of the email "
        "address before the @ (of 4 characters or more); not the one that it replaces",
        examples=["a long pass phrase"],
        json_schema_extra={"format": "password"},
    ),
]


# One that is there already: what it is, it is compared with.
GivenPassword = Annotated[
    str,
    StringConstraints(min_length=1, max_length=1024, pattern=r"\S"),
    WithJsonSchema({"type": "string", "format": "password", "minLength": 1, "maxLength": 1024}),
]


class UserRead(Read):
    username: Annotated[str, NormalForm(normal_name)]
    email: Annotated[str, NormalForm(normal_name)]
    full_name: str | None
    deactivated_at: datetime | None
    last_signed_in_at: datetime | None


class UserCreate(Body):
    username: Username
    email: Email
    password: Password
    full_name: Name | None = None


class UserUpdate(Body):
    username: Username = unset()
    email: Email = unset()
    full_name: Name | None = unset()


class MeUpdate(UserUpdate):
    """A change of username or email takes the password."""

    current_password: GivenPassword = unset()
