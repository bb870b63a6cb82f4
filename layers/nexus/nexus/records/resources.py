"""What a resource's class says of its records. It sees no request: the SQL that follows from it is
compiled once and kept for all."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

from pydantic import BaseModel
from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Table,
    bindparam,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.types import Text

from nexus.records.fields import Field
from nexus.records.keyset import Order
from nexus.records.moments import field_of
from nexus.records.references import Reference, in_tenant
from nexus.records.schemas import Entry

Choices = Mapping[str, ColumnElement[bool] | None]
# Punctuation that ends a word as people type it: "Beethoven, Ludwig".
BETWEEN_WORDS = re.compile(r"[\s,;]+")


@dataclass(frozen=True)
class Parent:
    """What records are listed and made below: the path's record, named by a column of theirs.

    With several columns, by any of them; without one, it only has to be there (a parent's parent).
    """

    reference: Reference
    columns: tuple[str, ...] = ()

    def condition(self, table: FromClause, parameter: str) -> ColumnElement[bool] | None:
        value = bindparam(parameter, type_=Text(collation="C"))
        clauses = [table.c[column] == value for column in self.columns]
        return or_(*clauses) if clauses else None


class Resource:
    """The records of `table`, made of the members of `read`.

    They live at `path`, where a new one is found too unless `location` says another place;
    `parents` says what they are listed below, by path parameter.
    """

    table: ClassVar[Table]
    read: ClassVar[type[Entry]]
    page_members: ClassVar[type[BaseModel]] = BaseModel  # what pages have besides
    path: ClassVar[str] = ""
    location: ClassVar[str] = ""
    references: ClassVar[Mapping[str, Reference]] = {}
    called: ClassVar[Mapping[str, str]] = {}  # what is embedded as something else than its column
    parents: ClassVar[Mapping[str, Parent]] = {}
    is_of_tenant: ClassVar[bool] = True  # so that without a selected tenant nothing is asked
    is_shared: ClassVar[bool] = False  # those of the root tenant too
    # Filters by whose every value an index finds records in the order of their ids.
    indexed: ClassVar[Collection[str]] = ()
    covered: ClassVar[Collection[str]] = ()  # members that an index of the ids has beside them
    # A member that those have in common which were made together: the planner takes them for
    # strewn, and looks for the last from the first on.
    clustered_by: ClassVar[str] = ""
    # What those have in common of which all or none have a value that is a row elsewhere, and which
    # are all archived or none: an index of the search view has those of each by their ids.
    alike: ClassVar[ColumnElement[Any] | None] = None

    @classmethod
    def source(cls) -> FromClause:
        """What is selected from: more than the table where members are another table's columns."""
        return cls.table

    @classmethod
    def visible(cls) -> ColumnElement[bool]:
        """The wall."""
        return in_tenant(cls.table, is_shared=cls.is_shared)

    @classmethod
    def visible_by_letters(cls) -> ColumnElement[bool]:
        """The wall of what letters find, beside that of the view to search in, which no index
        serves: with a tenant's, all of its rows would be gathered beside the few that are found."""
        is_plain = cls.visible.__func__ is Resource.visible.__func__  # type: ignore[attr-defined]
        return true() if is_plain and not cls.is_shared else cls.visible()

    @classmethod
    def computed(cls) -> Mapping[str, ColumnElement[Any]]:
        """Members of `read` that are no column of the table."""
        return {}

    @classmethod
    def keys(cls) -> Mapping[str, ColumnElement[Any]]:
        """What an index serves, by member: to sort and range by."""
        c = cls.table.c
        folded = {
            column.name.removesuffix("_sort"): column
            for column in c
            if column.name.endswith("_sort")
        }
        plain = {column.name: column for column in c if column.info.get("sortable")}
        return {**plain, **folded, "created_at": c.id, "id": c.id}

    @classmethod
    def own_filters(cls) -> Mapping[str, Field]:
        """Filters besides the members."""
        return {}

    @classmethod
    def own_sorts(cls) -> Mapping[str, Field]:
        """What lists are sorted by besides the members."""
        return {}

    @classmethod
    def is_archived(cls) -> ColumnElement[bool] | None:
        """Whether a record has left default lists; None where none does."""
        archived_at = cls.table.c.get("archived_at")
        return None if archived_at is None else archived_at.is_not(None)

    @classmethod
    def choices(cls) -> Mapping[str, Choices]:
        """Parameters of a few values, each with its condition; the first is the default."""
        is_archived = cls.is_archived()
        if is_archived is None:
            return {}
        return {"archived": {"false": not_(is_archived), "true": is_archived, "any": None}}

    @classmethod
    def is_named(cls) -> ColumnElement[bool]:
        """That a row is the one of the id bound as id."""
        is_it: ColumnElement[bool] = cls.table.c.id == bindparam("id", type_=cls.table.c.id.type)
        return is_it

    @classmethod
    def words(cls, text: str) -> Sequence[str]:
        """What a search looks for, each somewhere in the searched text."""
        return list(dict.fromkeys(word for word in BETWEEN_WORDS.split(text) if word))

    @classmethod
    @cache
    def fields(cls) -> Mapping[str, Field]:
        """The members of a record."""
        columns: dict[str, Any] = {**cls.table.c, **cls.computed()}
        keys = cls.keys()
        return {
            name: field_of(name, columns[name], member, keys.get(name))
            for name, member in cls.read.model_fields.items()
        }

    @classmethod
    @cache
    def filters(cls) -> Mapping[str, Field]:
        """What a list filters by."""
        own = {name: field for name, field in cls.fields().items() if field.is_filterable}
        return {**own, **cls.own_filters()}

    @classmethod
    @cache
    def sorts(cls) -> Mapping[str, Field]:
        """What a list is sorted by, of what has a key."""
        return {**cls.fields(), **cls.own_sorts()}

    @classmethod
    def field_named(cls, name: str) -> Field:
        """A field by the name that a statement's shape has for it."""
        return cls.filters().get(name) or cls.sorts()[name]

    @classmethod
    def joined(cls, rows: Select[Any], orders: Sequence[Order]) -> Select[Any]:
        """The rows with what their order needs besides."""
        del orders
        return rows

    @classmethod
    def tied(cls, orders: Sequence[Order]) -> Sequence[Order]:
        """The orders, the last of which is by id: of the table that the first is of, if several
        have it."""
        return orders

    @classmethod
    @cache
    def options(cls) -> Mapping[str, Sequence[str]]:
        """The values of the parameters that take a few."""
        return {name: tuple(values) for name, values in cls.choices().items()}

    @classmethod
    @cache
    def parameters(cls) -> Sequence[str]:
        """What a list takes besides its filters."""
        names = ["limit", "cursor", "count", "sort", "fields"]
        names += ["expand"] if cls.references else []
        names += ["q"] if "search" in cls.searched().c else []
        return [*names, *cls.options()]

    @classmethod
    def embedded_as(cls, column: str) -> str:
        """What a reference is called where `?expand=` embeds it."""
        return cls.called.get(column) or column.removesuffix("_id")

    @classmethod
    @cache
    def embeddable(cls) -> Mapping[str, str]:
        """The references' columns, by what they are called when embedded."""
        return {cls.embedded_as(column): column for column in cls.references}

    @classmethod
    def own_parameters(cls) -> Sequence[str]:
        """What a single record takes."""
        return [name for name in cls.parameters() if name in {"fields", "expand"}]

    @classmethod
    def searched(cls) -> Table:
        """The table that holds the searched text."""
        return cls.table

    @classmethod
    def searched_beside(cls) -> Collection[Table]:
        """The tables that searches read through a view each: under a policy of whatever other the
        searched one is joined to, no index serves them either."""
        return (cls.searched(),)

    @classmethod
    def select(cls, *names: str) -> Select[Any]:
        fields = cls.fields()
        rows = select(*(fields[name].column.label(name) for name in names))
        return rows.select_from(cls.source())

    @classmethod
    def checked_filters(cls) -> Mapping[str, Reference]:
        """Filters whose ids have to be there, each with what it names."""
        return cls.references
