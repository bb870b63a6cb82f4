"""What other modules may know of persons and their identities."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func

from census.tables import identities, persons
from nexus.records.references import Reference


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """`name` is that of the current identity, as one would say it, `sort_name` with the family name
    first; None without one."""

    id: str
    name: str | None
    sort_name: str | None
    external_id: str | None
    user_id: str | None
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class IdentityRecord:
    """`name` is the preferred name, or the first, with the last."""

    id: str
    person_id: str
    name: str
    first_name: str | None
    middle_name: str | None
    last_name: str | None
    preferred_name: str | None
    deactivated_at: datetime | None
    archived_at: datetime | None


PERSON = Reference(persons, PersonRecord)
IDENTITY = Reference(
    identities,
    IdentityRecord,
    columns={
        "name": func.concat_ws(
            " ",
            func.coalesce(identities.c.preferred_name, identities.c.first_name),
            identities.c.last_name,
        )
    },
)
