"""Members of a record as what a query string filters and sorts by."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Literal, get_args, get_origin

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    and_,
    any_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.types import ARRAY, JSON, Boolean, Date, Integer, Text

from nexus.problems import InvalidParameter, error
from nexus.records.schemas import read_date
from nexus.text import is_storable

MAX_INTEGER = 2**31 - 1
RANGES = ("gte", "gt", "lte", "lt")
# Of a filter by a range: what says where it begins, where it ends, or both.
BEGINS, ENDS = ("gte", "gt", "from"), ("lte", "lt", "until")
RANGED = (*BEGINS, *ENDS, "within")
PARTS_OF_TEXT = ("contains", "startswith")
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
WHOLE_NUMBER = re.compile(r"-?\d{1,10}", re.ASCII)
KEY_LENGTH = 200  # of a text's key (nexus.make_sortable)


def invalid(name: str, message: str, allowed: Iterable[str] = ()) -> InvalidParameter:
    problem = InvalidParameter(f"{name}: {message}", errors=[error(name, message)])
    if allowed:
        problem.members["allowed"] = sorted(allowed)
    return problem


@dataclass(frozen=True)
class Filter:
    """What one parameter asks of a field; `values` are bound, the rest is the statement's shape."""

    field: "Field"
    operator: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Field:
    """A member of a record, or something else to filter by.

    `key` is what an index serves: it is sorted and ranged by; texts have one without case and
    accents. A subclass may condition on something that is no column (custom fields, a former key).
    A key that is joined is another table's, which has the id as `joined_id`: where that has no
    row, the record comes last.
    """

    joined_id: ClassVar[ColumnElement[Any] | None] = None
    is_joined_to_none: ClassVar[ColumnElement[bool] | None] = None
    hint: ClassVar[str] = ""  # what to give as a filter, where that is not any of some values

    name: str
    column: ColumnElement[Any]
    annotation: Any
    key: ColumnElement[Any] | None = None
    normal_form: Callable[[str], str] = str.strip

    @property
    def is_joined(self) -> bool:
        return self.joined_id is not None

    @cached_property
    def is_nullable(self) -> bool:
        return getattr(self.column, "nullable", True) is not False

    @cached_property
    def is_filterable(self) -> bool:
        """All but long texts and what has parts."""
        is_long = getattr(self.column, "info", {}).get("long")
        return not is_long and not isinstance(self.column.type, JSON | ARRAY)

    @cached_property
    def is_free_text(self) -> bool:
        """No id, and none of a few words."""
        is_id = getattr(self.column.type, "collation", None) == "C"
        return plain_type(self.annotation) is str and not is_id

    @cached_property
    def is_folded(self) -> bool:
        return is_folded(self.key)

    @cached_property
    def operators(self) -> tuple[str, ...]:
        if self.key is None or isinstance(self.column.type, Boolean):
            return ("ne", "in", "isnull")
        parts = PARTS_OF_TEXT if self.is_free_text else ()
        return (*RANGES, "ne", "in", "isnull", *parts)

    @cached_property
    def words(self) -> tuple[Any, ...]:
        """The values of a member that has one of a few words."""
        plain = plain_type(self.annotation)
        return get_args(plain) if get_origin(plain) is Literal else ()

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(_without_none(self.annotation))

    def filter(self, parameter: str, operator: str, texts: Sequence[str]) -> Filter:
        """What a parameter's values mean. Raises InvalidParameter."""
        values = tuple(dict.fromkeys(self.parse(parameter, text) for text in texts))
        if operator == "ne" and self.words and not self.is_nullable:
            # All others, which an index finds.
            operator, values = "in", tuple(word for word in self.words if word not in values)
        if operator in ("in", "ne") and len(values) == 1:
            operator = {"in": "eq", "ne": "differs"}[operator]
        return Filter(self, operator, values)

    def parse(self, parameter: str, text: str) -> Any:
        """The value that a text means. Raises InvalidParameter."""
        if not is_storable(text):
            raise invalid(parameter, "it holds a character that cannot be stored")
        if isinstance(self.column.type, Integer):
            return _whole_number(parameter, text)
        if isinstance(self.column.type, Date):
            try:
                return read_date(text)
            except ValueError as failure:
                raise invalid(parameter, str(failure)) from None
        try:
            return self.adapter.validate_strings(self.normal_form(text))
        except ValidationError as failure:
            said = f"takes {', '.join(self.words)}" if self.words else failure.errors()[0]["msg"]
            raise invalid(parameter, said, self.words) from None

    def is_absence(self, operator: str) -> bool:  # noqa: ARG002
        """Whether an operator asks for what has no such row in another table."""
        return False

    def is_lack(self, operator: str) -> bool:  # noqa: ARG002
        """Whether it asks for what has no row there at all."""
        return False

    def condition(self, operator: str, name: str) -> ColumnElement[bool]:
        """A filter's clause, in which `binds` of the same name put the values."""
        if operator in ("null", "notnull"):
            return self.column.is_(None) if operator == "null" else self.column.is_not(None)
        if operator in ("in", "ne"):
            is_any = self.column == any_(bindparam(name, type_=ARRAY(self.column.type)))
            return is_any if operator == "in" else is_any.is_not(True)
        if operator == "eq":
            return self.column == self._bind(name)
        if operator == "differs":
            return self.column.is_distinct_from(self._bind(name))
        return self._ranged(operator, name)

    def binds(self, given: Filter, name: str) -> Mapping[str, Any]:
        if given.operator in ("null", "notnull"):
            return {}
        return {name: list(given.values) if given.operator in ("in", "ne") else given.values[0]}

    def _ranged(self, operator: str, name: str) -> ColumnElement[bool]:
        assert self.key is not None  # noqa: S101 - such operators are offered with a key alone
        value: ColumnElement[Any] = self._bind(name)
        if self.is_folded:
            value = func.nexus.fold_search(value)
        if operator == "startswith":
            return func.starts_with(self.key, value)
        if operator == "contains":
            # The key holds the beginning of a long text.
            is_whole = func.length(self.key) < literal_column(str(KEY_LENGTH))
            whole = case((is_whole, self.key), else_=func.nexus.fold_search(self.column))
            return func.strpos(whole, value) != literal_column("0")
        clause: ColumnElement[bool] = self.key.op(
            {"gte": ">=", "gt": ">", "lte": "<=", "lt": "<"}[operator], is_comparison=True
        )(value)
        return clause

    def _bind(self, name: str) -> BindParameter[Any]:
        return bindparam(name, type_=self.column.type)


def is_folded(key: ColumnElement[Any] | None) -> bool:
    """Whether a key is a text without case and accents (nexus.make_sortable)."""
    return getattr(key, "name", "").endswith("_sort")


@dataclass(frozen=True)
class TextField(Field):
    """A text with a key (nexus.make_sortable), by whose index it is found in the order of the ids:
    a text that is the same has the same key."""

    def condition(self, operator: str, name: str) -> ColumnElement[bool]:
        clause, key = super().condition(operator, name), self.key
        assert key is not None  # noqa: S101 - for the type checker
        if operator == "eq":
            return and_(key == _key_of(self._bind(name)), clause)
        if operator == "in":
            value = func.unnest(bindparam(name, type_=ARRAY(self.column.type))).column_valued()
            keys = func.array(select(_key_of(value)).scalar_subquery(), type_=ARRAY(Text))
            return and_(key == any_(keys), clause)
        return key.is_(None) if operator == "null" else clause


def _key_of(text: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.left(func.nexus.fold_search(text), literal_column(str(KEY_LENGTH)))


@dataclass(frozen=True)
class IdFilter(Field):
    """A filter by ids that is no member; `clause` makes its condition of the array of them."""

    clause: Callable[[BindParameter[Any]], ColumnElement[bool]] | None = None

    @property
    def operators(self) -> tuple[str, ...]:
        return ()

    def filter(self, parameter: str, operator: str, texts: Sequence[str]) -> Filter:  # noqa: ARG002
        return Filter(self, "in", tuple(self.parse(parameter, text) for text in texts))

    def condition(self, operator: str, name: str) -> ColumnElement[bool]:  # noqa: ARG002
        assert self.clause is not None  # noqa: S101 - for the type checker
        return self.clause(bindparam(name, type_=ARRAY(Text(collation="C"))))


@dataclass(frozen=True)
class AmongFilter(IdFilter):
    """Records whose `of` is one of many ids: those that `ids` makes an array of, from the array of
    the given. Each is found by an index in the order of the records' ids."""

    is_few: ClassVar[bool] = False

    of: ColumnElement[Any] | None = None
    ids: Callable[[BindParameter[Any]], ColumnElement[Any]] | None = None

    def condition(self, operator: str, name: str) -> ColumnElement[bool]:
        """Not `= ANY` of the array: where no index serves it, it is made anew for each row."""
        assert self.of is not None  # noqa: S101 - for the type checker
        if operator == "eq":
            return self.of == bindparam(name, type_=self.of.type)
        return self.of.in_(select(func.unnest(self.array(name))))

    def array(self, name: str) -> ColumnElement[Any]:
        assert self.ids is not None  # noqa: S101 - for the type checker
        return self.ids(bindparam(name, type_=ARRAY(Text(collation="C"))))


def among_filter(
    name: str, of: ColumnElement[Any], ids: Callable[[BindParameter[Any]], ColumnElement[Any]]
) -> dict[str, Field]:
    """By a column that names one of many records, such as all below one."""
    return {name: AmongFilter(name, literal("", Text(collation="C")), str, of=of, ids=ids)}


def id_filter(
    name: str, clause: Callable[[BindParameter[Any]], ColumnElement[bool]]
) -> dict[str, Field]:
    """By ids of records that are related in another way than by a member."""
    return {name: IdFilter(name, literal("", Text(collation="C")), str, clause=clause)}


@dataclass(frozen=True)
class NormalForm:
    """Metadata of a member: how a write stores a text, so that a filter compares the same."""

    of: Callable[[str], str]


def plain_type(annotation: Any) -> Any:
    """The type of a member that is not null, without what else is said of it."""
    inner = _without_none(annotation)
    return get_args(inner)[0] if hasattr(inner, "__metadata__") else inner


def _without_none(annotation: Any) -> Any:
    kinds = [kind for kind in get_args(annotation) if kind is not type(None)]
    is_optional = type(None) in get_args(annotation) and get_origin(annotation) is not None
    return kinds[0] if is_optional and len(kinds) == 1 else annotation


def _whole_number(parameter: str, text: str) -> int:
    if not WHOLE_NUMBER.fullmatch(text) or abs(int(text)) > MAX_INTEGER:
        raise invalid(parameter, f"takes a whole number up to {MAX_INTEGER}")
    return int(text)
