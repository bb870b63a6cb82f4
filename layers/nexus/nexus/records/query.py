"""Lists: what a query string asks for, and the one SELECT that answers it (`api.md`, Lists)."""

import hmac
import json
import operator
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic_core import to_json
from sqlalchemy import ColumnElement, and_, or_, tuple_

from nexus.access.scope import Scope
from nexus.access.tokens import keyed_hash
from nexus.problems import InvalidCursor
from nexus.records.fields import Field, invalid
from nexus.text import is_storable

DEFAULT_LIMIT, MAX_LIMIT = 50, 200
MAC_BYTES = 16
Params = Sequence[tuple[str, str]]
COMPARISONS: dict[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "gte": operator.ge,
    "gt": operator.gt,
    "lte": operator.le,
    "lt": operator.lt,
    "contains": lambda column, value: column.icontains(value, autoescape=True),
    "startswith": lambda column, value: column.istartswith(value, autoescape=True),
}
# Neither changes which rows a cursor walks over, nor in which order.
UNBOUND = ("limit", "cursor", "count", "fields", "expand")


@dataclass(frozen=True)
class Reference:
    """Finds referenced records: those of the ids that the scope may see, in one query."""

    load: Callable[[Scope, Collection[str]], Mapping[str, Any]]


@dataclass(frozen=True)
class Page:
    items: Sequence[dict[str, Any]]
    next: str | None
    total: int | None = None


@dataclass(frozen=True)
class Order:
    field: Field
    descending: bool

    def clause(self) -> ColumnElement[Any]:
        return self.field.column.desc() if self.descending else self.field.column.asc()

    def beyond(self, value: Any) -> ColumnElement[bool] | None:
        """What comes strictly after a value; NULL is the greatest, as PostgreSQL sorts it."""
        column: ColumnElement[Any] = self.field.column
        if value is None:
            return column.is_not(None) if self.descending else None
        if self.descending:
            below: ColumnElement[bool] = column < value
            return below
        above: ColumnElement[bool] = column > value
        return or_(above, column.is_(None)) if self.field.is_nullable else above


@dataclass(frozen=True)
class Filter:
    field: Field
    operator: str
    values: tuple[Any, ...]

    def clause(self) -> ColumnElement[bool]:
        column, values = self.field.column, self.values
        if self.operator == "isnull":
            return column.is_(None) if values[0] else column.is_not(None)
        if self.operator == "ne":
            return and_(*(column.is_distinct_from(value) for value in values))
        if self.operator == "in":
            return column.in_(values) if len(values) > 1 else column == values[0]
        return COMPARISONS[self.operator](column, values[0])


class Query:
    """A parsed query string. Raises InvalidParameter, and names what exists. What reads one record
    takes what it offers, and filters by nothing."""

    def __init__(
        self,
        params: Params,
        fields: Mapping[str, Field],
        offered: Collection[str],
        *,
        is_list: bool = False,
    ) -> None:
        self.fields = fields
        self.offered = offered
        self.is_list = is_list
        self.given: dict[str, list[str]] = {}
        for name, text in params:
            self.given.setdefault(name, []).append(text)
        self.filters = [self._filter(name) for name in self.given if name not in offered]

    @cached_property
    def limit(self) -> int:
        return self.number("limit", DEFAULT_LIMIT, MAX_LIMIT)

    @cached_property
    def orders(self) -> list[Order]:
        names = self._names("sort")
        orders = [Order(self._field("sort", n.removeprefix("-")), n.startswith("-")) for n in names]
        if len({order.field.name for order in orders}) < len(orders):
            raise invalid("sort", "names a field twice")
        if all(order.field.name != "id" for order in orders):
            orders.append(Order(self.fields["id"], bool(orders) and orders[-1].descending))
        return orders

    @cached_property
    def selected(self) -> list[str]:
        names = self._names("fields") or list(self.fields)
        for name in names:
            if name not in self.fields:
                raise invalid("fields", f"there is no {name!r}", self.fields)
        return list(dict.fromkeys(names))

    def expanded(self, references: Mapping[str, Reference]) -> list[str]:
        """The reference columns to embed."""
        embeddable = {name.removesuffix("_id"): name for name in references}
        for name in self._names("expand"):
            if name not in embeddable:
                raise invalid("expand", f"there is no {name!r}", embeddable)
        return [embeddable[name] for name in dict.fromkeys(self._names("expand"))]

    def number(self, name: str, default: int, highest: int) -> int:
        """A whole number from 1."""
        text = self._one(name, str(default))
        is_short = text.isascii() and text.isdigit() and len(text) <= len(str(highest))
        if not (is_short and 1 <= int(text) <= highest):
            raise invalid(name, f"takes 1 to {highest}")
        return int(text)

    def choice(self, name: str, *allowed: str) -> str:
        """One of the allowed values, the first by default."""
        text = self._one(name, allowed[0])
        if text not in allowed:
            raise invalid(name, f"takes {', '.join(allowed)}", allowed)
        return text

    @cached_property
    def words(self) -> list[str]:
        text = self._one("q", "")
        if len(text) > 200 or not is_storable(text):
            raise invalid("q", "takes up to 200 characters that can be stored")
        return text.split()

    @property
    def goes_on(self) -> bool:
        return "cursor" in self.given

    def after(self, place: str) -> ColumnElement[bool]:
        """What comes behind the cursor. `place` binds it to one list of one tenant."""
        return beyond(self.orders, self._read_cursor(self._one("cursor", ""), place))

    def cursor(self, values: Sequence[Any], place: str) -> str:
        payload = to_json(values)
        return urlsafe_b64encode(self._mac(payload, place) + payload).decode().rstrip("=")

    def _read_cursor(self, text: str, place: str) -> list[Any]:
        try:
            padded = text.encode("ascii").replace(b"=", b"?") + b"=" * (-len(text) % 4)
            data = b64decode(padded, altchars=b"-_", validate=True)
        except ValueError:
            data = b""
        mac, payload = data[:MAC_BYTES], data[MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(payload, place)):
            raise InvalidCursor("Start again without a cursor, or keep filters and sort unchanged.")
        values = json.loads(payload)
        return [
            None if value is None else order.field.adapter.validate_python(value)
            for order, value in zip(self.orders, values, strict=True)
        ]

    def _mac(self, payload: bytes, place: str) -> bytes:
        bound = {name: self.given[name] for name in sorted(self.given) if name not in UNBOUND}
        return keyed_hash("cursor", place, json.dumps(bound), payload)[:MAC_BYTES]

    def _filter(self, parameter: str) -> Filter:
        name, _, operation = parameter.partition("__")
        filterable = self._filterable() if self.is_list else []
        if name not in filterable:
            raise invalid(parameter, "there is no such parameter", [*self.offered, *filterable])
        field = self.fields[name]
        if "__" in parameter and operation not in field.operators:
            raise invalid(parameter, "there is no such operator", field.operators)
        return Filter(field, operation or "in", self._values(parameter, field, operation or "in"))

    def _values(self, parameter: str, field: Field, operation: str) -> tuple[Any, ...]:
        texts = self.given[parameter]
        if operation in ("in", "ne"):
            parts = [part for text in texts for part in text.split(",")]
            if field.is_free_text:  # which may hold commas itself
                parts += [text for text in texts if "," in text]
            return tuple(field.parse(parameter, part) for part in parts)
        if len(texts) > 1:
            raise invalid(parameter, "takes one value")
        if operation == "isnull":
            return (self.choice(parameter, "true", "false") == "true",)
        return (field.parse(parameter, texts[0]),)

    def _field(self, parameter: str, name: str) -> Field:
        if name not in self._filterable():
            raise invalid(parameter, f"there is no {name!r}", self._filterable())
        return self.fields[name]

    def _filterable(self) -> list[str]:
        return [name for name, field in self.fields.items() if field.is_filterable]

    def _names(self, parameter: str) -> list[str]:
        return [name for text in self.given.get(parameter, ()) for name in text.split(",") if name]

    def _one(self, name: str, default: str) -> str:
        texts = self.given.get(name, [default])
        if len(texts) > 1:
            raise invalid(name, "is given twice")
        return texts[0]


def beyond(orders: Sequence[Order], values: Sequence[Any]) -> ColumnElement[bool]:
    """Rows that sort after the given values."""
    directions = {order.descending for order in orders}
    if len(directions) == 1 and not any(order.field.is_nullable for order in orders):
        # A row comparison is one range of an index.
        here, there = tuple_(*(order.field.column for order in orders)), tuple_(*values)
        return here < there if directions == {True} else here > there
    return _beyond(orders, values)


def _beyond(orders: Sequence[Order], values: Sequence[Any]) -> ColumnElement[bool]:
    first, value = orders[0], values[0]
    clauses = [clause for clause in [first.beyond(value)] if clause is not None]
    if len(orders) > 1:
        tie = first.field.column.is_not_distinct_from(value)
        clauses.append(and_(tie, _beyond(orders[1:], values[1:])))
    return or_(*clauses)
