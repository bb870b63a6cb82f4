"""Timestamps as what a query string filters by: each value is a span of time."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pydantic.fields import FieldInfo
from sqlalchemy import ColumnElement, and_, bindparam, exists, func, not_
from sqlalchemy.types import ARRAY, DateTime, Text
from ulid import ULID

from nexus.records.fields import (
    DAY,
    Field,
    Filter,
    NormalForm,
    TextField,
    invalid,
    is_folded,
)

# A date, or a moment as `read_timestamp` takes it, whose offset may be left out and is UTC then.
MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII | re.IGNORECASE
)
TICK = timedelta(microseconds=1)  # what PostgreSQL tells apart
ULID_TIME_DIGITS = 10  # the first of a ULID's 26 hold its milliseconds
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class MomentField(Field):
    """A timestamp. Each value is a span, half open: a date alone is that whole day."""

    def filter(self, parameter: str, operator: str, texts: Sequence[str]) -> Filter:
        spans = [_span(parameter, text) for text in texts]
        if operator == "in" and len(spans) == 1:
            return Filter(self, "within", tuple(spans))
        if operator in ("in", "ne"):
            return Filter(self, operator, tuple(spans))
        ((start, end),) = spans
        bound = {"gte": start, "gt": end, "lte": end, "lt": start}[operator]
        return Filter(self, "from" if operator in ("gte", "gt") else "until", (bound,))

    def condition(self, operator: str, name: str) -> ColumnElement[bool]:
        if operator in ("from", "until"):
            return self._from(name) if operator == "from" else self._until(name)
        if operator == "within":
            return and_(self._from(f"{name}_from"), self._until(f"{name}_until"))
        if operator in ("in", "ne"):
            starts, ends = (
                bindparam(f"{name}_{side}", type_=ARRAY(DateTime(timezone=True)))
                for side in ("from", "until")
            )
            span = func.unnest(starts, ends).table_valued("a", "b").render_derived(name=f"{name}s")
            column = self.column
            is_in = exists().where(and_(column >= span.c.a, column < span.c.b))
            return is_in if operator == "in" else not_(is_in)
        return super().condition(operator, name)

    def binds(self, given: Filter, name: str) -> Mapping[str, Any]:
        if given.operator in ("in", "ne"):
            starts, ends = zip(*given.values, strict=True)
            return {f"{name}_from": list(starts), f"{name}_until": list(ends)}
        if given.operator == "within":
            ((start, end),) = given.values
            return {f"{name}_from": start, f"{name}_until": end}
        return super().binds(given, name)

    def _from(self, name: str) -> ColumnElement[bool]:
        clause: ColumnElement[bool] = self._ranged_by >= self._bind(name)
        return clause

    def _until(self, name: str) -> ColumnElement[bool]:
        clause: ColumnElement[bool] = self._ranged_by < self._bind(name)
        return clause

    @property
    def _ranged_by(self) -> ColumnElement[Any]:
        return self.column if self.key is None else self.key


@dataclass(frozen=True)
class IdTimeField(MomentField):
    """The time in the id, which is `key`: the primary index serves its order and its ranges."""

    def binds(self, given: Filter, name: str) -> Mapping[str, Any]:
        if given.operator in ("from", "until"):
            return {name: _least_ulid(given.values[0])}
        bound = super().binds(given, name)
        if given.operator == "within":
            return {part: _least_ulid(moment) for part, moment in bound.items()}
        return bound

    def _from(self, name: str) -> ColumnElement[bool]:
        assert self.key is not None  # noqa: S101 - for the type checker
        clause: ColumnElement[bool] = self.key >= bindparam(name, type_=self.key.type)
        return clause

    def _until(self, name: str) -> ColumnElement[bool]:
        assert self.key is not None  # noqa: S101 - for the type checker
        clause: ColumnElement[bool] = self.key < bindparam(name, type_=self.key.type)
        return clause


def field_of(name: str, column: ColumnElement[Any], member: FieldInfo, key: Any) -> Field:
    """The field that a column's type makes."""
    if isinstance(column.type, DateTime):
        is_of_id = key is not None and isinstance(key.type, Text)
        kind = IdTimeField if is_of_id else MomentField
        return kind(name, column, member.annotation, key)
    forms = [told.of for told in member.metadata if isinstance(told, NormalForm)]
    of_text = TextField if is_folded(key) else Field
    return of_text(name, column, member.annotation, key, *forms)


def _span(parameter: str, text: str) -> Span:
    try:
        if DAY.fullmatch(text):
            day = datetime.fromisoformat(text).replace(tzinfo=UTC)
            return day, _later(day, timedelta(days=1))
        if MOMENT.fullmatch(text):
            moment = datetime.fromisoformat(text.upper())
            start = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
            return start, _later(start, TICK)
    except OverflowError:
        raise invalid(parameter, "is beyond the years 1 to 9999") from None
    except ValueError:
        pass
    told = "takes a date or a time that there is, such as 2027-01-31 or 2027-01-31T12:00:00Z"
    raise invalid(parameter, told)


def _later(moment: datetime, by: timedelta) -> datetime:
    """The last day of all has an end too: clients mean for ever by it."""
    last = datetime.max.replace(tzinfo=UTC)
    return last if moment > last - by else moment + by


def _least_ulid(moment: datetime) -> str:
    """The first digits of the least ULID that is not before a moment; earlier than any is ''."""
    milliseconds = -((datetime(1970, 1, 1, tzinfo=UTC) - moment) // timedelta(milliseconds=1))
    if milliseconds <= 0:
        return ""
    return str(ULID.from_bytes(milliseconds.to_bytes(6) + bytes(10)))[:ULID_TIME_DIGITS]
