"""Values of fields: what each type takes, and what counts as one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assets.reads import ASSET
from census.reads import PERSON
from locations.reads import LOCATION
from nexus.db.statements import Sql
from nexus.problems import ValidationFailed, error
from nexus.records.references import Reference
from nexus.records.schemas import is_ulid, read_date, read_timestamp
from nexus.text import is_blank, is_storable
from nexus.urls import web_address
from system.reads import USER

LONGEST_TEXT = 5_000
GREATEST_NUMBER = 2**53 - 1  # up to it every reader of JSON keeps whole numbers apart
NAMES: Mapping[str, Reference] = {
    "user": USER,
    "person": PERSON,
    "asset": ASSET,
    "location": LOCATION,
}
# Of two fields with one key, the tenant's own is meant.
DEFINITIONS = Sql(
    "SELECT DISTINCT ON (key) id, key, type, choices, is_required FROM issue_fields"
    " WHERE tenant_id IN (nexus.tenant_id(), nexus.root_tenant_id())"
    " ORDER BY key, tenant_id = nexus.root_tenant_id()"
)


@dataclass(frozen=True, slots=True)
class Definition:
    """A field, as the columns of DEFINITIONS."""

    id: str
    key: str
    type: str
    choices: Sequence[str] | None
    is_required: bool


Definitions = Mapping[str, Definition]  # by key
Values = Mapping[str, Any]


def definitions(rows: Sequence[Sequence[Any]]) -> Definitions:
    return {row[1]: Definition(*row) for row in rows}


def require_known(known: Definitions, given: Values) -> None:
    """Raises ValidationFailed for keys of no field."""
    unknown = [key for key in given if key not in known]
    if unknown:
        raise ValidationFailed(*(error(_pointer(key), "there is no such field") for key in unknown))


def checked(known: Definitions, given: Values, before: Values) -> dict[str, Any]:
    """The values as they are stored, by key; what counts as none is None. `before` is what the
    issue had: a choice stays that is on no list any more. Raises ValidationFailed."""
    require_known(known, given)
    wrong, taken = [], {}
    for key, value in given.items():
        try:
            taken[key] = _checked(known[key], value, before.get(key))
        except ValueError as failure:
            wrong.append(error(_pointer(key), str(failure)))
    if wrong:
        raise ValidationFailed(*wrong)
    return taken


def by_id(known: Definitions, values: Values) -> dict[str, Any]:
    """The values by the ids of their fields, without those that are None."""
    return {known[key].id: value for key, value in values.items() if value is not None}


def lacking(needed: Sequence[str], values: Values) -> list[dict[str, str]]:
    """An error for each key without a value. `0` and `false` are values."""
    return [error(_pointer(key), "has to be given") for key in needed if values.get(key) is None]


def naming(known: Definitions, values: Values) -> list[tuple[str, Reference, str]]:
    """The values that name records: their pointers, and what they name."""
    return [
        (_pointer(key), NAMES[known[key].type], value)
        for key, value in values.items()
        if value is not None and known[key].type in NAMES
    ]


def _pointer(key: str) -> str:
    """Where a body has the value (RFC 6901)."""
    return "fields/" + key.replace("~", "~0").replace("/", "~1")


def _checked(definition: Definition, value: Any, before: Any) -> Any:
    is_of_text = definition.type not in ("number", "boolean", "multi_choice")
    if value is None or (is_of_text and isinstance(value, str) and is_blank(value)):
        return None
    if definition.type in ("choice", "multi_choice"):
        return _choice(definition, value, before)
    return CHECKS[definition.type](value)


def _choice(definition: Definition, value: Any, before: Any) -> Any:
    is_many = definition.type == "multi_choice"
    if not isinstance(value, list if is_many else str):
        raise ValueError("takes a list of choices" if is_many else "takes a choice")
    chosen = value if is_many else [value]
    kept = before if isinstance(before, list) else [before]
    for one in chosen:
        if not isinstance(one, str) or (one not in (definition.choices or ()) and one not in kept):
            raise ValueError(f"takes {', '.join(definition.choices or ())}")
    if len(set(chosen)) < len(chosen):
        raise ValueError("names a choice twice")
    return value or None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("takes a text")
    if len(value) > LONGEST_TEXT or not is_storable(value):
        raise ValueError(f"takes up to {LONGEST_TEXT} characters that can be stored")
    return value.strip()


def _number(value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("takes a number")
    if not abs(value) <= GREATEST_NUMBER:  # nor is what is no number
        raise ValueError(f"takes numbers from -{GREATEST_NUMBER} to {GREATEST_NUMBER}")
    return value


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("takes true or false")
    return value


def _date(value: Any) -> str:
    return read_date(value if isinstance(value, str) else "").isoformat()


def _datetime(value: Any) -> str:
    moment = read_timestamp(value if isinstance(value, str) else "")
    return moment.isoformat().replace("+00:00", "Z")


def _id(value: Any) -> str:
    if not isinstance(value, str) or not is_ulid(value):
        raise ValueError("there is no such record")
    return value


def _url(value: Any) -> str:
    return web_address(value if isinstance(value, str) else "")


CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "text": _text,
    "number": _number,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
    "url": _url,
    **dict.fromkeys(NAMES, _id),
}
