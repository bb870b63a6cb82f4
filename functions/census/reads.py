"""What other modules may know of persons and their identities."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, FromClause, func, select

from census.tables import identities, persons
from nexus.access.scope import Scope
from nexus.records.query import Reference


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """`name` is that of the current identity, as one would say it; None without one."""

    id: str
    name: str | None
    external_id: str | None
    user_id: str | None
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class IdentityRecord:
    id: str
    person_id: str
    name: str
    first_name: str
    middle_name: str | None
    last_name: str
    preferred_name: str | None
    deactivated_at: datetime | None
    archived_at: datetime | None


def name_of(source: FromClause) -> ColumnElement[str]:
    """How a person is called: the preferred name in place of the first."""
    c = source.c
    return func.coalesce(c.preferred_name, c.first_name) + " " + c.last_name


def persons_by_id(scope: Scope, ids: Collection[str]) -> dict[str, PersonRecord]:
    """Persons of the tenant; others are left out."""
    c = persons.c
    current = persons.outerjoin(
        identities,
        (identities.c.tenant_id == c.tenant_id) & (identities.c.id == c.current_identity_id),
    )
    asked = (
        select(c.id, name_of(identities).label("name"), c.external_id, c.user_id, c.archived_at)
        .select_from(current)
        .where(c.id.in_(ids), c.tenant_id == scope.tenant_id)
    )
    return {row["id"]: PersonRecord(**row) for row in scope.connection.execute(asked).mappings()}


def identities_by_id(scope: Scope, ids: Collection[str]) -> dict[str, IdentityRecord]:
    """Identities of the tenant's persons; others are left out."""
    c = identities.c
    names = (c.first_name, c.middle_name, c.last_name, c.preferred_name)
    asked = select(
        c.id,
        c.person_id,
        name_of(identities).label("name"),
        *names,
        c.deactivated_at,
        c.archived_at,
    ).where(c.id.in_(ids), c.tenant_id == scope.tenant_id)
    return {row["id"]: IdentityRecord(**row) for row in scope.connection.execute(asked).mappings()}


PERSON, IDENTITY = Reference(persons_by_id), Reference(identities_by_id)
