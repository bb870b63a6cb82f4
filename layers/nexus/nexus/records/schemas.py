"""Boundary types: what bodies and answers are made of."""

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from nexus.text import one_line

Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(one_line),
    Field(examples=["Lakeside"]),
]
Description = Annotated[
    str, StringConstraints(max_length=20_000), Field(examples=["What it is there for."])
]
Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=2_000), Field(examples=["Replaced."])
]
# Crockford's base 32; the first digit ends at 7, for 128 bits are 26 digits less two bits.
ULID_PATTERN = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$"
Id = Annotated[
    str, StringConstraints(max_length=64), Field(examples=["01JZ8Q4W3M8VJ2T9S6R5K1E7XA"])
]
RecordId = Annotated[str, Field(pattern=ULID_PATTERN, examples=["01JZ8Q4W3M8VJ2T9S6R5K1E7XA"])]


class Body(BaseModel):
    """A request's body: unknown members are refused."""

    model_config = ConfigDict(extra="forbid")


class Read(BaseModel):
    """A record in an answer. Documents and selects; answers are not validated on their way out."""

    model_config = ConfigDict(defer_build=True)

    id: RecordId
    created_at: datetime
    updated_at: datetime
    version: int = Field(ge=1, description="+1 on each change; the ETag")


class TenantRead(Read):
    tenant_id: RecordId


def unset() -> Any:
    """Default of a merge patch's member (RFC 7396): left out, it is untouched; null has to fit."""
    return Field(default=None, json_schema_extra=_without_default)


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


class Action(Body):
    """An action that may say why; the reason is kept among the audit event's changes."""

    reason: Reason | None = None


def is_ulid(value: str) -> bool:
    return re.fullmatch(ULID_PATTERN[1:-1], value) is not None
