"""A school calendar's days: which of them an enrollment may begin and end on."""

from dataclasses import dataclass
from datetime import date

from nexus.db.statements import Sql
from nexus.problems import ValidationFailed, error

_CALENDAR = (
    "SELECT c.id, c.school_id, c.calendar_id, y.start_date, y.end_date,"
    " s.archived_at IS NOT NULL OR y.archived_at IS NOT NULL, nexus.day_of(now())"
    " FROM school_calendars c"
    " JOIN schools s ON s.tenant_id = c.tenant_id AND s.id = c.school_id"
    " JOIN school_years y ON y.tenant_id = c.tenant_id AND y.id = c.calendar_id"
    " WHERE c.tenant_id = nexus.tenant_id() AND c.id = "
)
CALENDAR = Sql(f"{_CALENDAR} $1", ("calendar_id",))
CALENDAR_OF = Sql(
    f"{_CALENDAR} (SELECT calendar_id FROM school_enrollments"  # noqa: S608
    " WHERE tenant_id = nexus.tenant_id() AND id = $1)",
    ("id",),
)


@dataclass(frozen=True)
class Calendar:
    """A school calendar with the days of its year; `today` is where the tenant is."""

    id: str
    school_id: str
    school_year_id: str
    first: date
    last: date
    is_archived: bool
    today: date

    def nearest(self, day: date) -> date:
        return min(max(day, self.first), self.last)


def entry_of(given: date | None, calendar: Calendar, after: date | None = None) -> date:
    """The day of entry, today if that is in the year. Raises ValidationFailed."""
    entry = given or max(calendar.today, calendar.first, after or calendar.first)
    if given is None and entry > calendar.last:
        told = f"has to be given: the school year is over, {calendar.first} to {calendar.last}"
        raise ValidationFailed(error("entry_date", told))
    check_dates(entry, None, calendar)
    if after:
        check_order(entry, after)
    return entry


def check_order(entry: date, exit_date: date) -> None:
    """Raises ValidationFailed."""
    if entry < exit_date:
        raise ValidationFailed(error("entry_date", f"is before the exit, {exit_date}"))


def check_dates(entry: date, exit_date: date | None, year: Calendar) -> None:
    """Raises ValidationFailed."""
    wrong = [
        error(name, f"lies outside the school year, {year.first} to {year.last}")
        for name, day in (("entry_date", entry), ("exit_date", exit_date))
        if day and day != year.nearest(day)
    ]
    if not wrong and exit_date and exit_date < entry:
        wrong = [error("exit_date", f"is before the entry, {entry}")]
    if wrong:
        raise ValidationFailed(*wrong)
