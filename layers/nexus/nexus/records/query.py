"""What a query string asks of a list or of one record (`api.md`, Lists)."""

import hmac
import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from pydantic_core import to_json
from sqlalchemy.types import Date, DateTime

from nexus.access.tokens import keyed_hash, keyed_hashes
from nexus.problems import InvalidCursor, MalformedRequest
from nexus.records.fields import Field, Filter, invalid
from nexus.records.keyset import Order
from nexus.text import decoded, is_storable, nfc

DEFAULT_LIMIT, MAX_LIMIT = 50, 200
MAC_BYTES = 16
# Each value as its parts between commas; a comma that belongs to a part is written %2C.
Params = Mapping[str, Sequence[Sequence[str]]]
NO_PARAMS: Params = {}
# Neither changes which rows a cursor walks over, nor in which order.
UNBOUND = ("limit", "cursor", "count", "fields", "expand")


def parse_query(raw: bytes) -> Params:
    """The parameters of a raw query string. Raises MalformedRequest for what is not UTF-8."""
    given: dict[str, list[Sequence[str]]] = {}
    for pair in raw.split(b"&") if raw else ():
        if pair:
            name, _, value = pair.partition(b"=")
            given.setdefault(_decoded(name), []).append(list(map(_decoded, value.split(b","))))
    return given


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode() if raw.isalnum() else nfc(decoded(raw))
    except ValueError:
        raise MalformedRequest("The query string is not UTF-8.") from None


@dataclass(frozen=True)
class Page:
    """`items` is the JSON of an array, `members` what else the answer has."""

    items: bytes
    next: str | None
    total: int | None = None
    members: Mapping[str, Any] = field(default_factory=dict)


class Query:
    """A parsed query string. Raises InvalidParameter, and names what exists.

    `offered` are the parameters that are no filters; what reads one record has no filters. `sorts`
    is what is sorted by, where that is more than the fields.
    """

    def __init__(
        self,
        params: Params,
        fields: Mapping[str, Field],
        offered: Collection[str],
        filters: Mapping[str, Field] | None = None,
        sorts: Mapping[str, Field] | None = None,
    ) -> None:
        self.params = params
        self.fields = fields
        self.sorts = sorts or fields
        self.offered = offered
        self._filters = filters or {}
        self.asked = {name: self._filter(name) for name in params if name not in offered}
        self.filters = list(self.asked.values())
        self.default_sort: Sequence[str] = ()  # before the id

    @cached_property
    def limit(self) -> int:
        return self.number("limit", DEFAULT_LIMIT, MAX_LIMIT)

    @cached_property
    def orders(self) -> list[Order]:
        names = self._names("sort") or self.default_sort
        orders = [Order(self._sortable(n.removeprefix("-")), n.startswith("-")) for n in names]
        if len({order.field.name for order in orders}) < len(orders):
            raise invalid("sort", "names a field twice")
        by_id = Order(self.fields["id"], bool(orders) and orders[-1].is_descending)
        for place, order in enumerate(orders):
            if order.key is by_id.key:  # ids are unique: what follows one decides nothing
                return orders[: place + 1]
        return [*orders, by_id]

    @cached_property
    def selected(self) -> list[str]:
        names = self._names("fields") or list(self.fields)
        for name in names:
            if name not in self.fields:
                raise invalid("fields", f"there is no {name!r}", self.fields)
        return list(dict.fromkeys(names))

    def expanded(self, embeddable: Mapping[str, str]) -> list[str]:
        """The reference columns to embed, of those that there are by their names when embedded."""
        names = self._names("expand")
        for name in names:
            if name not in embeddable:
                raise invalid("expand", f"there is no {name!r}", embeddable)
        return [embeddable[name] for name in dict.fromkeys(names)]

    def number(self, name: str, default: int, highest: int) -> int:
        """A whole number from 1."""
        if name not in self.params:
            return default
        text = self._one(name, "")
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
    def text(self) -> str:
        """What is searched for."""
        text = self._one("q", "")
        if len(text) > 200 or not is_storable(text):
            raise invalid("q", "takes up to 200 characters that can be stored")
        return text

    @cached_property
    def cursor(self) -> "Cursor | None":
        return self._read_cursor(self._one("cursor", "")) if "cursor" in self.params else None

    def next_cursor(self, keys: Sequence[Any], context: str) -> str:
        """`context` is the list that it walks over."""
        payload = to_json(keys)
        mac = keyed_hash(*self._signed(payload, context))[:MAC_BYTES]
        return urlsafe_b64encode(mac + payload).decode().rstrip("=")

    def check_cursor(self, context: str) -> None:
        """Raises InvalidCursor if it is not one of this query."""
        cursor = self.cursor
        if not cursor:
            return
        macs = keyed_hashes(*self._signed(cursor.payload, context))
        if not any(hmac.compare_digest(cursor.mac, mac[:MAC_BYTES]) for mac in macs):
            raise InvalidCursor("Start again without a cursor, or keep filters and sort unchanged.")

    def _signed(self, payload: bytes, context: str) -> tuple[str | bytes, ...]:
        """What makes a cursor one of this query."""
        bound = {name: self.params[name] for name in sorted(self.params) if name not in UNBOUND}
        return "cursor", context, json.dumps(bound), payload

    def _read_cursor(self, text: str) -> "Cursor":
        try:
            padded = text.encode("ascii").replace(b"=", b"?") + b"=" * (-len(text) % 4)
            data = b64decode(padded, altchars=b"-_", validate=True)
            mac, payload = data[:MAC_BYTES], data[MAC_BYTES:]
            values = json.loads(payload)
            keys = [_key(order, value) for order, value in zip(self.orders, values, strict=True)]
        except (ValueError, TypeError, OverflowError, RecursionError):
            raise InvalidCursor("Start again without a cursor.") from None
        return Cursor(mac, payload, keys)

    def _filter(self, parameter: str) -> Filter:
        name, operator = parameter, "in"
        if parameter not in self._filters:
            name, _, operator = parameter.rpartition("__")
        field = self._filters.get(name)
        if field is None:
            raise invalid(parameter, "there is no such parameter", [*self.offered, *self._filters])
        if name != parameter and operator not in field.operators:
            raise invalid(parameter, "there is no such operator", field.operators)
        return self._read_filter(parameter, field, operator)

    def _read_filter(self, parameter: str, field: Field, operator: str) -> Filter:
        values = self.params[parameter]
        if operator in ("in", "ne"):
            texts = [part for parts in values for part in parts]
            if not field.is_free_text:  # no comma belongs to a value, however it was written
                texts = [text for part in texts for text in part.split(",")]
            return field.filter(parameter, operator, texts)
        text = self._one(parameter, "")
        if operator == "isnull":
            is_null = self.choice(parameter, "true", "false") == "true"
            return Filter(field, "null" if is_null else "notnull", ())
        return field.filter(parameter, operator, [text])

    def _sortable(self, name: str) -> Field:
        field = self.sorts.get(name)
        if field is None or field.key is None:
            offered = [n for n, known in self.sorts.items() if known.key is not None]
            raise invalid("sort", f"there is no sorting by {name!r}", offered)
        return field

    def _names(self, parameter: str) -> list[str]:
        return [name for text in self._all(parameter) for name in text.split(",") if name]

    def _all(self, parameter: str) -> list[str]:
        return [",".join(parts) for parts in self.params.get(parameter, ())]

    def _one(self, name: str, default: str) -> str:
        values = self.params.get(name)
        if values is None:
            return default
        if len(values) > 1:
            raise invalid(name, "is given twice")
        return ",".join(values[0])


@dataclass(frozen=True)
class Cursor:
    """The keys of the last row of the page before, as they came; `mac` is still to be checked."""

    mac: bytes
    payload: bytes
    keys: Sequence[Any]


def _key(order: Order, value: Any) -> Any:
    """A key as it is bound. Raises ValueError, TypeError, OverflowError for what cannot be one."""
    if value is None:
        return None
    if isinstance(order.key.type, DateTime):
        return datetime.fromisoformat(value).astimezone(UTC)
    if isinstance(order.key.type, Date):
        return date.fromisoformat(value)
    kind = order.key.type.python_type
    if type(value) is not kind or (kind is str and not is_storable(value)):
        raise TypeError
    return value
