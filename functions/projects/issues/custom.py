"""Custom fields in a query string: `?cf_<key>=`, `?cf_<key>__gte=`, `sort=cf_<key>`.

What a statement is made of is the column that a type's values are in; which field it is about is
bound. So all fields of a type share their statements.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

import pydantic
from sqlalchemy import ColumnElement, Select, and_, bindparam, func, literal_column, select, true
from sqlalchemy.types import Text

from nexus.records.clauses import GRAMS, search_view
from nexus.records.fields import PARTS_OF_TEXT, RANGES, Field, Filter, invalid
from nexus.records.moments import MomentField
from nexus.records.query import Params
from nexus.records.references import Reference, own_tenant
from projects.issues.field_values import NAMES, Definition, Definitions
from projects.tables import issue_values, issues

PREFIX = "cf_"
OTHERS = ("ne", "in", "isnull")
NEGATED = {"ne": "in", "differs": "eq", "null": "notnull"}
OF_SHAPE = "cf:"  # no parameter's name begins so
LONGEST_COMPARED = 500  # as much of a text as issue_values has
Number = Annotated[float, pydantic.Field(allow_inf_nan=False)]
sorted_by = issue_values.alias("sorted_by")


def asks_custom(params: Params) -> bool:
    """Whether a query string names custom fields."""
    return any(name.startswith(PREFIX) for name in [*params, *sort_names(params)])


def sort_names(params: Params) -> list[str]:
    """What is sorted by, in whatever direction."""
    parts = ",".join(",".join(part) for part in params.get("sort", ())).split(",")
    return [name.lstrip("-") for name in parts if name]


@dataclass(frozen=True)
class ValueFilter(Field):
    """Issues that have a value in a column; the field is bound as <name>_field."""

    inner: Field | None = None

    def is_absence(self, operator: str) -> bool:
        return operator in NEGATED

    def is_lack(self, operator: str) -> bool:
        return operator == "null"

    def condition(self, operator: str, name: str) -> ColumnElement[bool]:
        is_negated = operator in NEGATED
        operator = NEGATED.get(operator, operator)
        if is_negated:
            found = _values_of(name).where(issue_values.c.issue_id == issues.c.id)
            # Of an issue, or of what a list has walked over in its place.
            return ~found.where(self._holds(operator, name)).exists()
        if operator == "has":
            return issues.c.id.in_(_holding(name))
        if operator == "held":
            word = func.nexus.fold_search(bindparam(name, type_=Text))
            holds = func.strpos(issue_values.c.search, word) != literal_column("0")
            return _values_of(name).where(issue_values.c.issue_id == issues.c.id, holds).exists()
        return issues.c.id.in_(_values_of(name).where(self._holds(operator, name)))

    def _holds(self, operator: str, name: str) -> ColumnElement[bool]:
        assert self.inner is not None  # noqa: S101 - for the type checker
        if operator == "notnull":  # each row has a value, so an index alone tells
            return true()
        return and_(
            *(self.inner.condition(one, part) for one, part in _parts(operator, name)),
        )


def _parts(operator: str, name: str) -> list[tuple[str, str]]:
    """The operators that one is made of, each with what its value is bound as."""
    return [
        (one, f"{name}_{place}" if place else name) for place, one in enumerate(operator.split())
    ]


def _values_of(name: str) -> Select[Any]:
    c = issue_values.c
    is_of_field = c.field_id == bindparam(f"{name}_field", type_=c.field_id.type)
    return select(c.issue_id).where(c.tenant_id == own_tenant, is_of_field)


def _holding(name: str) -> Select[Any]:
    """Those whose text holds another, found by its letters (nexus.search_grams) alone: a look at
    each value of the field would make its letters anew, which takes longer than the planner
    thinks."""
    c = search_view(issue_values).c
    word = func.nexus.fold_search(bindparam(name, type_=Text))
    grams = func.nexus.search_grams(c.tenant_id, c.search, type_=GRAMS)
    asked = grams.contains(func.nexus.query_grams(own_tenant, word, type_=GRAMS))
    like = select(c.issue_id, c.field_id, c.search).where(asked)
    found = like.cte(f"{name}_like", nesting=True).prefix_with("MATERIALIZED").c
    is_of_field = found.field_id == bindparam(f"{name}_field", type_=c.field_id.type)
    return select(found.issue_id).where(
        is_of_field, func.strpos(found.search, word) != literal_column("0")
    )


@dataclass(frozen=True)
class SortField(Field):
    """An issue's value of the field that is bound as sort_field."""

    joined_id = sorted_by.c.issue_id
    is_joined_to_none = ~_values_of("sort").where(issue_values.c.issue_id == issues.c.id).exists()

    definition: Definition | None = None


@dataclass(frozen=True, eq=False)
class Kind:
    """How the values of a type are asked for; `key` sorts."""

    inner: Field
    operators: tuple[str, ...] = OTHERS
    key: ColumnElement[Any] | None = None

    @property
    def filter(self) -> ValueFilter:
        name = OF_SHAPE + self.inner.name
        return ValueFilter(name, self.inner.column, self.inner.annotation, inner=self.inner)

    def sort(self, definition: Definition | None = None) -> SortField:
        name = f"{OF_SHAPE}sort_{self.inner.name}"
        annotation = self.inner.annotation
        column = self.inner.column if self.key is None else self.key
        return SortField(name, column, annotation, self.key, definition=definition)


_c, _s = issue_values.c, sorted_by.c
_ranged = (*RANGES, *OTHERS)
TEXT = Kind(
    Field("text", _c.text_value, str, _c.value_sort), (*_ranged, *PARTS_OF_TEXT), _s.value_sort
)
CHOICE = Kind(Field("choice", _c.text_value, str), OTHERS, _s.value_sort)
SEVERAL = Kind(Field("several", _c.text_value, str))
BOOLEAN = Kind(Field("boolean", _c.text_value, Literal["true", "false"]), OTHERS, _s.text_value)
NUMBER = Kind(Field("number", _c.number_value, Number, _c.number_value), _ranged, _s.number_value)
DATE = Kind(Field("date", _c.date_value, date, _c.date_value), _ranged, _s.date_value)
MOMENT = Kind(
    MomentField("moment", _c.moment_value, datetime, _c.moment_value), _ranged, _s.moment_value
)
KINDS: Mapping[str, Kind] = {
    "text": TEXT,
    "url": TEXT,
    "number": NUMBER,
    "boolean": BOOLEAN,
    "date": DATE,
    "datetime": MOMENT,
    "choice": CHOICE,
    "multi_choice": SEVERAL,
    **dict.fromkeys(NAMES, SEVERAL),
}
OF_SHAPES: Mapping[str, Field] = {
    field.name: field for kind in KINDS.values() for field in (kind.filter, kind.sort())
}


@dataclass(frozen=True)
class CustomFilter(Field):
    """What a parameter asks of one field."""

    definition: Definition | None = None
    kind: Kind = TEXT

    @property
    def operators(self) -> tuple[str, ...]:
        return self.kind.operators

    @property
    def is_free_text(self) -> bool:
        return self.kind in (TEXT, CHOICE) or self.type == "multi_choice"

    @property
    def type(self) -> str:
        return self.definition.type if self.definition else ""

    @property
    def parameter(self) -> str:
        return PREFIX + self.definition.key if self.definition else ""

    @property
    def names(self) -> Reference | None:
        """What the values are ids of."""
        return NAMES.get(self.type)

    def filter(self, parameter: str, operator: str, texts: Sequence[str]) -> Filter:
        if any(len(text) > LONGEST_COMPARED for text in texts):
            raise invalid(parameter, f"takes up to {LONGEST_COMPARED} characters")
        given = self.kind.inner.filter(parameter, operator, texts)
        return Filter(self, {"contains": "has"}.get(given.operator, given.operator), given.values)

    def binds(self, given: Filter, name: str) -> Mapping[str, Any]:
        bound = {f"{name}_field": self.definition.id} if self.definition else {}
        parts = _parts(given.operator, name)
        if len(parts) == 1:
            return {**bound, **self.kind.inner.binds(given, name)}
        for (operator, part), value in zip(parts, given.values, strict=True):
            bound |= self.kind.inner.binds(Filter(self, operator, (value,)), part)
        return bound


def filters(known: Definitions) -> dict[str, Field]:
    """What is filtered by, by parameter."""
    found: dict[str, Field] = {}
    for key, definition in known.items():
        kind = KINDS[definition.type]
        of = kind.filter
        found[PREFIX + key] = CustomFilter(
            of.name, of.column, of.annotation, definition=definition, kind=kind
        )
    return found


def merged(given: Sequence[Filter]) -> list[Filter]:
    """The filters; ranges of one field are looked for at once, as what is between them."""
    found, ranges = [], dict[str, list[Filter]]()
    for one in given:
        if isinstance(one.field, CustomFilter) and one.operator in (*RANGES, "from", "until"):
            ranges.setdefault(one.field.parameter, []).append(one)
        else:
            found.append(one)
    for of_field in ranges.values():
        operators = " ".join(one.operator for one in of_field)
        values = tuple(value for one in of_field for value in one.values)
        found.append(Filter(of_field[0].field, operators, values))
    return found


def sorts(known: Definitions) -> dict[str, Field]:
    """What is sorted by, by its name in `sort`."""
    return {PREFIX + key: KINDS[one.type].sort(one) for key, one in known.items()}


def joined(rows: Select[Any]) -> Select[Any]:
    """Issues with the value that they are sorted by."""
    is_it = and_(
        _s.tenant_id == own_tenant,
        _s.issue_id == issues.c.id,
        _s.field_id == bindparam("sort_field", type_=_s.field_id.type),
        _s.place == literal_column("0"),
    )
    return rows.outerjoin(sorted_by, is_it)
