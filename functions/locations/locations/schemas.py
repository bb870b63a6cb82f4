"""What bodies and answers about locations are made of."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from nexus.records.schemas import Body, Id, Name, TenantRead, unset
from nexus.text import one_line

Code = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=50),
    AfterValidator(one_line),
    Field(examples=["LKS-2"]),
]
Address = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500),
    Field(examples=["12 Harbor Street, Lakeside"]),
]


class LocationRead(TenantRead):
    parent_id: str | None
    name: str
    type_id: str
    code: str | None
    address: str | None
    path: list[str] = Field(description="Names from the root to the location itself")
    depth: int = Field(ge=0, le=19, description="0 at the root")


class LocationTree(LocationRead):
    children: list["LocationTree"] = Field(description="What is directly below, by name")


class LocationCreate(Body):
    name: Name
    type_id: Id
    parent_id: Id | None = None
    code: Code | None = None
    address: Address | None = None


class LocationUpdate(Body):
    name: Name = unset()
    type_id: Id = unset()
    parent_id: Id | None = unset()
    code: Code | None = unset()
    address: Address | None = unset()
