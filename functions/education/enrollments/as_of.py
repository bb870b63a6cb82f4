"""`?as_of=`: who was enrolled on a day, by the dates. Who is, is so until the school year ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, and_, bindparam, cast, func, or_, select
from sqlalchemy.sql.elements import Grouping
from sqlalchemy.types import Date

from education.tables import school_enrollments, school_years
from nexus.records.fields import AmongFilter, Field, Filter, invalid
from nexus.records.references import IDS, own_tenant


@dataclass(frozen=True)
class DayFilter(Field):
    """Enrollments whose dates hold a day."""

    hint: ClassVar[str] = "Who was enrolled on that day: the exit date is the last one."

    @property
    def operators(self) -> tuple[str, ...]:
        return ()

    def filter(self, parameter: str, operator: str, texts: Sequence[str]) -> Filter:  # noqa: ARG002
        if len(texts) != 1:
            raise invalid(parameter, "takes one date")
        return Filter(self, "eq", (self.parse(parameter, texts[0]),))

    def condition(self, operator: str, name: str) -> ColumnElement[bool]:  # noqa: ARG002
        c, day = school_enrollments.c, bindparam(name, type_=Date)
        return and_(c.entry_date <= day, or_(c.exit_date.is_(None), c.exit_date >= day))


def _years_with(days: Any) -> ColumnElement[Any]:
    """The ids of the school years that hold the first of the bound days, as an array."""
    c, day = school_years.c, cast(Grouping(days)[1], Date)
    found = select(c.id).where(c.tenant_id == own_tenant, c.start_date <= day, c.end_date >= day)
    return func.array(found.scalar_subquery(), type_=IDS)


@dataclass(frozen=True)
class YearsFilter(AmongFilter):
    """A day is in few years, each of which an index has in the order of the lists."""

    is_few: ClassVar[bool] = True


AS_OF = DayFilter("as_of", school_enrollments.c.entry_date, date)
YEARS = "as_of_years"
IN_YEARS = YearsFilter(
    YEARS, school_years.c.id, str, of=school_enrollments.c.school_year_id, ids=_years_with
)


def with_years(filters: Sequence[Filter]) -> list[Filter]:
    """The filters; a day is looked for in the years that hold it."""
    days = [given.values[0] for given in filters if given.field is AS_OF]
    return [*filters, *(Filter(IN_YEARS, "in", (day.isoformat(),)) for day in days)]
