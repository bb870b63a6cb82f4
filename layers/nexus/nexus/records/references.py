"""References: how a record, or a parameter, names a record of another table."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Table,
    any_,
    bindparam,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import DateTime, Text

from nexus.access.scope import ROOT_TENANT_ID, Scope
from nexus.db.statements import Sql, compiled, remembered

NEVER = cast(null(), DateTime(timezone=True))  # untyped, two of them are texts to a UNION
own_tenant = func.nexus.tenant_id(type_=Text)  # the selected one, in the transaction's context
IDS = ARRAY(Text(collation="C"))


def in_tenant(table: FromClause, *, is_shared: bool) -> ColumnElement[bool]:
    """The tenant's own rows; of catalogs those that all share too. Policies stand behind it, but
    only a named tenant_id uses the indexes."""
    own: ColumnElement[bool] = table.c.tenant_id == own_tenant
    return or_(own, table.c.tenant_id == ROOT_TENANT_ID) if is_shared else own


def names_archived(table: FromClause, id_: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the record of an id is archived. A sub-select that IS NULL the planner takes for
    rare, and reads all of a table for a page."""
    c = table.c
    return select(c.archived_at.is_not(None)).where(c.id == id_).scalar_subquery()


@dataclass(frozen=True, eq=False)
class Reference:
    """Names records of `table`, and what others may know of them: the members of `record`, each a
    column of the table or one of `columns` (of `source`, if that joins more).

    `wall` is who may be named, where that is not what the tenant owns or, with `is_shared`, shares.
    """

    table: Table
    record: type[Any]
    is_shared: bool = False
    source: FromClause | None = None
    columns: Mapping[str, ColumnElement[Any]] = field(default_factory=dict)
    wall: ColumnElement[bool] | None = None

    def visible(self) -> ColumnElement[bool]:
        if self.wall is not None:
            return self.wall
        return in_tenant(self.table, is_shared=self.is_shared)

    def existing(self, name: str) -> Select[Any]:
        """(name, id, archived_at) of those of the ids bound by that name that may be named."""
        archived_at = self.table.c.get("archived_at", NEVER)
        ids = self.table.c.id == any_(bindparam(name, type_=IDS))
        found = select(literal(name).label("name"), self.table.c.id, archived_at.label("archived"))
        return found.where(ids, self.visible())

    def load(self, scope: Scope, ids: Collection[str]) -> dict[str, Any]:
        """The records of the ids that may be named; others are left out."""
        return self.read(scope.run(loading(self), {"ids": list(ids)}))

    def load_ahead(self, scope: Scope, id_: str, then: Callable[[Any], object]) -> None:
        """Have one loaded in the next flush; `then` gets it, or None."""
        scope.run_ahead(loading(self), {"ids": [id_]}, lambda rows: then(self.read(rows).get(id_)))

    def read(self, rows: Iterable[list[Any]]) -> dict[str, Any]:
        """By id, from the rows of `loading`."""
        return {row[0]: self.record(*row[1:]) for row in rows}

    def select(self) -> Select[Any]:
        """The id, then the members of `record` in their order."""
        c = self.table.c
        known: dict[str, ColumnElement[Any]] = {**c, **self.columns}
        shown = [known[member.name] for member in fields(self.record)]
        rows = select(c.id, *(column.label(f"m{n}") for n, column in enumerate(shown)))
        return rows.select_from(self.table if self.source is None else self.source)


@remembered
def loading(reference: Reference) -> Sql:
    """What loads a reference's records of the ids bound as ids."""
    is_asked = reference.table.c.id == any_(bindparam("ids", type_=IDS))
    return compiled(reference.select().where(is_asked, reference.visible()))


@remembered
def checking(references: tuple[tuple[str, Reference], ...]) -> Sql:
    """What tells which of the ids bound by each name exist, all in one statement."""
    return compiled(union_all(*(reference.existing(name) for name, reference in references)))
