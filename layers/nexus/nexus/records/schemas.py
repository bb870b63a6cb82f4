"""Boundary types: what bodies and answers are made of.

Of texts: names and the like are trimmed, descriptions are kept as they were written. A blank one
(nothing, or only spaces) is null where null may be, and refused (422) where it may not.
"""

import re
from datetime import UTC, date, datetime
from functools import cache
from types import NoneType
from typing import Annotated, Any, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
    model_validator,
)
from pydantic_core import CoreSchema

from nexus.text import is_blank, one_line

# RFC 3339. Seconds are needed, and so is the offset: where the sender is, nobody here can know. It
# may lack its colon, as in ISO 8601 and in what some generated clients send.
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:?\d\d)", re.ASCII)
FULL_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _not_blank(text: str) -> str:
    if is_blank(text):
        raise ValueError("has to hold something that can be seen")
    return text


def read_date(text: str) -> date:
    """Raises ValueError, in words for a caller."""
    try:
        if FULL_DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError("has to be a date that there is, such as 2027-01-31")


def read_timestamp(text: str) -> datetime:
    """In UTC. Raises ValueError, in words for a caller."""
    try:
        if RFC_3339.fullmatch(text):
            return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except OverflowError:
        raise ValueError("is beyond the years 1 to 9999") from None
    except ValueError:
        pass
    raise ValueError("has to be a time with its offset, such as 2027-01-31T12:00:00Z")


def _date(value: Any) -> Any:
    """From a text alone: pydantic takes numbers for seconds since 1970, in texts too."""
    return read_date(value) if isinstance(value, str) else value


def _timestamp(value: Any) -> Any:
    return read_timestamp(value) if isinstance(value, str) else value


class Key:
    """Metadata of a text that no human wrote: blank, it is wrong."""


Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(one_line),
]
Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=300),
    AfterValidator(one_line),
    Field(examples=["The projector in room 12 shows no picture"]),
]
Description = Annotated[
    str,
    StringConstraints(max_length=20_000),
    AfterValidator(_not_blank),
    Field(examples=["What it is there for."]),
]
Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=2_000), Field(examples=["Replaced."])
]
# Crockford's base 32; the first digit ends at 7, for 128 bits are 26 digits less two bits.
ULID_PATTERN = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$"
Id = Annotated[
    str, Key(), StringConstraints(max_length=64), Field(examples=["01JZ8Q4W3M8VJ2T9S6R5K1E7XA"])
]
RecordId = Annotated[str, Field(pattern=ULID_PATTERN, examples=["01JZ8Q4W3M8VJ2T9S6R5K1E7XA"])]
Date = Annotated[date, BeforeValidator(_date), Field(examples=["2027-01-31"])]
Timestamp = Annotated[
    datetime, BeforeValidator(_timestamp), Field(examples=["2027-01-31T12:00:00Z"])
]


class Body(BaseModel):
    """A request's body: unknown members are refused, and values of another JSON type."""

    model_config = ConfigDict(extra="forbid", strict=True)

    @model_validator(mode="before")
    @classmethod
    def blank_is_null(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        texts = optional_texts(cls)
        return {
            name: None if name in texts and isinstance(value, str) and is_blank(value) else value
            for name, value in given.items()
        }

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        document = handler(core_schema)
        members = handler.resolve_ref_schema(document)["properties"]
        for name in optional_texts(cls):
            for kind in members[name]["anyOf"]:
                kind.pop("minLength", None)
        return document


@cache
def optional_texts(body: type[Body]) -> frozenset[str]:
    """The members that are null where they are blank."""
    members = body.model_fields.items()
    return frozenset(name for name, member in members if _is_optional_text(member.annotation))


def _is_optional_text(annotation: Any) -> bool:
    kinds = get_args(annotation)
    return NoneType in kinds and any(_is_text(kind) for kind in kinds)


def _is_text(kind: Any) -> bool:
    told = getattr(kind, "__metadata__", ())
    is_key = any(isinstance(metadata, Key) for metadata in told)
    return getattr(kind, "__origin__", kind) is str and not is_key


class Entry(BaseModel):
    """A row in an answer. Documents and selects; answers are not validated on their way out."""

    model_config = ConfigDict(defer_build=True)

    id: RecordId
    created_at: datetime


class Read(Entry):
    """A record, which changes."""

    updated_at: datetime
    version: int = Field(ge=1, description="+1 on each change; the ETag")


class TenantRead(Read):
    tenant_id: RecordId


def unset() -> Any:
    """Default of a merge patch's member (RFC 7396): left out, it is untouched; null has to fit."""
    return Field(default=None, json_schema_extra=without_default)


def without_default(schema: dict[str, Any]) -> None:
    """For `json_schema_extra`: what stands for a member that is left out is not said."""
    schema.pop("default", None)


def written_by(route: str) -> BeforeValidator:
    """Metadata of a member that a change refuses, and says what changes it; documents leave it out
    by SkipJsonSchema."""

    def refuse(_: Any) -> Any:
        raise ValueError(f"changes by {route}")

    return BeforeValidator(refuse)


class Action(Body):
    """An action that may say why; the reason is kept among the audit event's changes."""

    reason: Reason | None = None


def is_ulid(value: str) -> bool:
    return re.fullmatch(ULID_PATTERN[1:-1], value) is not None
