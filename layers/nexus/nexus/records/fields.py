"""Members of a record as what a query string filters and sorts by."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import ColumnElement
from sqlalchemy.types import ARRAY, JSON, Boolean, Text

from nexus.problems import InvalidParameter, error
from nexus.text import is_storable

MAX_INTEGER = 2**31 - 1


def invalid(name: str, message: str, allowed: Iterable[str] = ()) -> InvalidParameter:
    problem = InvalidParameter(f"{name}: {message}", errors=[error(name, message)])
    if allowed:
        problem.members["allowed"] = sorted(allowed)
    return problem


@dataclass(frozen=True)
class Field:
    """A member of a record, as something to filter and sort by."""

    name: str
    column: ColumnElement[Any]
    annotation: Any

    @cached_property
    def is_nullable(self) -> bool:
        return getattr(self.column, "nullable", True) is not False

    @cached_property
    def is_filterable(self) -> bool:
        return is_filterable(self.column)

    @cached_property
    def is_free_text(self) -> bool:
        """No id, and none of a few words."""
        is_id = getattr(self.column.type, "collation", None) == "C"
        return plain_type(self.annotation) is str and not is_id

    @cached_property
    def operators(self) -> tuple[str, ...]:
        if isinstance(self.column.type, Boolean):
            return ("ne", "in", "isnull")
        texts = ("contains", "startswith") if isinstance(self.column.type, Text) else ()
        return ("gte", "gt", "lte", "lt", "ne", "in", "isnull", *texts)

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(plain_type(self.annotation))

    def parse(self, parameter: str, text: str) -> Any:
        """The value that a query string's text means. Raises InvalidParameter."""
        try:
            if not is_storable(text):
                raise ValueError("it holds a character that cannot be stored")
            value = self.adapter.validate_strings(text)
        except ValidationError as failure:
            raise invalid(parameter, failure.errors()[0]["msg"]) from None
        except ValueError as failure:
            raise invalid(parameter, str(failure)) from None
        if isinstance(value, int) and abs(value) > MAX_INTEGER:
            raise invalid(parameter, f"takes up to {MAX_INTEGER}")
        return _in_utc(parameter, value) if isinstance(value, datetime) else value


def is_filterable(column: ColumnElement[Any]) -> bool:
    """Whether a list filters and sorts by it: all but long texts and what has parts."""
    is_long = getattr(column, "info", {}).get("long")
    return not is_long and not isinstance(column.type, JSON | ARRAY)


def plain_type(annotation: Any) -> Any:
    """The type of a member that is not null."""
    kinds = [kind for kind in get_args(annotation) if kind is not type(None)]
    is_optional = type(None) in get_args(annotation)
    return kinds[0] if is_optional and len(kinds) == 1 else annotation


def _in_utc(parameter: str, moment: datetime) -> datetime:
    """A moment without an offset is meant in UTC."""
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        raise invalid(parameter, "is beyond the years 1 to 9999") from None
