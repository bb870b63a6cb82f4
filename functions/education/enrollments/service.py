"""Rules of enrollments: their dates, what ends them, and what follows on them."""

from collections.abc import Mapping
from datetime import date

from ulid import ULID

from census.reads import PERSON
from education.enrollments.as_of import AS_OF, IN_YEARS, YEARS, with_years
from education.enrollments.days import (
    CALENDAR,
    CALENDAR_OF,
    Calendar,
    check_dates,
    check_order,
    entry_of,
)
from education.enrollments.schemas import EnrollmentRead
from education.enrollments.states import MACHINE
from education.reads import ENROLLMENT, GRADE_LEVEL, SCHOOL, SCHOOL_CALENDAR, SCHOOL_YEAR
from education.tables import school_enrollments
from nexus.access.scope import Rows
from nexus.db.statements import Sql
from nexus.problems import Conflict, ReferenceArchived, ValidationFailed, error
from nexus.records.fields import Field
from nexus.records.parts import HeldService
from nexus.records.query import Params, Query
from nexus.records.reading import Record
from nexus.records.resources import Parent

UNDO_TRANSFER = Sql(
    "UPDATE school_enrollments SET status = 'enrolled', exit_date = NULL, exit_reason = NULL,"
    " transferred_at = NULL, transferred_to_id = NULL"
    " WHERE tenant_id = nexus.tenant_id() AND transferred_to_id = $1",
    ("id",),
)


class AlreadyEnrolled(Conflict):
    """The person is enrolled in this calendar."""

    constraints = ("uq_school_enrollments_live",)


class AlreadyReenrolled(Conflict):
    """An enrollment that follows on this one is live."""

    constraints = ("uq_school_enrollments_successor",)


class StillEnrolled(Conflict):
    """An enrollment without an end has no exit: withdraw, graduate or transfer ends it."""


class OutsideYear(ValidationFailed):
    """An enrollment lies inside its school year, which has just changed: read it again."""

    constraints = ("ck_school_enrollments_year", "ck_school_enrollments_dates")

    def __init__(self) -> None:
        super().__init__(error("", "its dates do not fit into the school year as it is now"))


class CalendarArchived(ReferenceArchived):
    """An archived record cannot be newly referenced."""

    constraints = ("ck_school_enrollments_archived",)

    def __init__(self) -> None:
        super().__init__("calendar_id")

    @classmethod
    def type(cls) -> str:
        """The same whenever it was archived."""
        return ReferenceArchived.type()


class Enrollments(HeldService):
    """Members write them. Whoever does holds the person, so that all take turns."""

    table = school_enrollments
    read = EnrollmentRead
    path = "/school-enrollments/{school_enrollment_id}"
    references = {
        "person_id": PERSON,
        "calendar_id": SCHOOL_CALENDAR,
        "school_id": SCHOOL,
        "school_year_id": SCHOOL_YEAR,
        "grade_level_id": GRADE_LEVEL,
        "previous_id": ENROLLMENT,
        "transferred_to_id": ENROLLMENT,
    }
    parents = {
        "person_id": Parent(PERSON, ("person_id",)),
        "school_id": Parent(SCHOOL, ("school_id",)),
        "school_year_id": Parent(SCHOOL_YEAR, ("school_year_id",)),
        "school_calendar_id": Parent(SCHOOL_CALENDAR, ("calendar_id",)),
    }
    indexed = (*references, "status")
    covered = ("updated_at", "entry_date", "exit_date")
    clustered_by = "school_year_id"
    held_by = PERSON
    whole_id = "person_id"
    calendar: Calendar | None = None  # of the enrollment that is opened
    former: Calendar | None = None  # of the one that is there
    next_calendar_id: str | None = None  # that of the one that follows

    @classmethod
    def held_columns(cls) -> tuple[str, ...]:
        return ("id", "archived_at")

    @classmethod
    def own_filters(cls) -> Mapping[str, Field]:
        return {"as_of": AS_OF}

    @classmethod
    def own_sorts(cls) -> Mapping[str, Field]:
        key = school_enrollments.c.person_sort
        return {"person.sort_name": Field("person.sort_name", key, str, key)}

    @classmethod
    def field_named(cls, name: str) -> Field:
        return IN_YEARS if name == YEARS else super().field_named(name)

    def _query(self, params: Params) -> Query:
        query = super()._query(params)
        query.filters = with_years(query.filters)
        return query

    def create(self, values: Record) -> Record:
        """Raises AlreadyEnrolled, ReferenceArchived."""
        self.authorize_write()
        self.scope.require_tenant()
        if self.within:
            self._require_parents_ahead()
        self.is_named_in_body = True
        given = {**values, **self._named_by_path()}
        self.check_references(values)
        self.hold_for_new(given["person_id"])
        self._learn(CALENDAR, {"calendar_id": given["calendar_id"]})
        self.scope.run_all()
        calendar = self._calendar()
        entry = entry_of(given["entry_date"], calendar)
        _refuse_archived_calendar(calendar)
        return self.insert({**given, "entry_date": entry})

    def write(self, record: Record, values: Record) -> Record:
        """Raises StillEnrolled."""
        if "status" not in values:
            self._check_change(record, values)
        return super().write(record, values)

    def remove(self, record: Record) -> None:
        """That which a transfer opened takes the transfer back. Raises AlreadyEnrolled."""
        self.scope.run_ahead(UNDO_TRANSFER, record)
        super().remove(record)

    def hold_ahead(self, record_id: str) -> None:
        """The calendars are read behind it: what is waited for may change them."""
        super().hold_ahead(record_id)
        self._learn(CALENDAR_OF, {"id": record_id})
        if self.next_calendar_id:
            self._learn(CALENDAR, {"calendar_id": self.next_calendar_id})

    def withdraw(
        self, record_id: str, exit_date: date | None = None, reason: str | None = None
    ) -> Record:
        return self._leave("withdraw", record_id, exit_date, reason)

    def graduate(
        self, record_id: str, exit_date: date | None = None, reason: str | None = None
    ) -> Record:
        return self._leave("graduate", record_id, exit_date, reason)

    def reenroll(
        self,
        record_id: str,
        entry_date: date | None = None,
        calendar_id: str | None = None,
        grade_level_id: str | None = None,
    ) -> Record:
        """A new enrollment, which follows on this one. Raises WrongMove, AlreadyReenrolled,
        AlreadyEnrolled."""
        former = self._lock_for_next(record_id, calendar_id, grade_level_id)
        calendar = self._calendar() if calendar_id else self._former()
        MACHINE.take("reenroll", former)
        entry = entry_of(entry_date, calendar, former["exit_date"])
        self._refuse_archived(calendar)
        return self.insert(_next(former, calendar, entry, grade_level_id))

    def transfer(
        self,
        record_id: str,
        calendar_id: str,
        grade_level_id: str | None = None,
        exit_date: date | None = None,
        entry_date: date | None = None,
        reason: str | None = None,
    ) -> Record:
        """Ends this enrollment and opens the next, each naming the other. Raises WrongMove,
        AlreadyEnrolled."""
        former = self._lock_for_next(record_id, calendar_id, grade_level_id)
        calendar = self._calendar()
        if calendar_id == former["calendar_id"]:
            raise ValidationFailed(error("calendar_id", "is the one that it is in"))
        taken = MACHINE.take("transfer", former)
        left = {**self._exit(former, exit_date, reason), **taken}
        entry = entry_date or calendar.nearest(left["exit_date"])
        check_dates(entry, None, calendar)
        check_order(entry, left["exit_date"])
        self._refuse_archived(calendar)
        opened = _next(former, calendar, entry, grade_level_id)
        self.write(former, {**left, "transferred_to_id": opened["id"]})
        return self.insert(opened)

    def _leave(
        self, name: str, record_id: str, exit_date: date | None, reason: str | None
    ) -> Record:
        """Raises WrongMove."""
        self.authorize_write()
        record = self.lock(record_id)
        taken = MACHINE.take(name, record)
        return self.write(record, {**self._exit(record, exit_date, reason), **taken})

    def _lock_for_next(
        self, record_id: str, calendar_id: str | None, grade_level_id: str | None
    ) -> Record:
        """The enrollment that another follows on, held; and both calendars."""
        self.authorize_write()
        self.check_references({"calendar_id": calendar_id, "grade_level_id": grade_level_id})
        self.next_calendar_id = calendar_id
        return self.lock(record_id)

    def _refuse_archived(self, calendar: Calendar) -> None:
        """Nothing follows for an archived person. Raises ReferenceArchived."""
        if self.held["archived_at"]:
            raise ReferenceArchived("person_id")
        _refuse_archived_calendar(calendar)

    def _check_change(self, record: Record, values: Record) -> None:
        """Raises StillEnrolled, ValidationFailed."""
        becomes = {**record, **values}
        check_dates(becomes["entry_date"], becomes["exit_date"], self._former())
        if record["status"] == "enrolled":
            if values.keys() & {"exit_date", "exit_reason"}:
                raise StillEnrolled(state="enrolled", allowed=MACHINE.allowed("enrolled"))
        elif becomes["exit_date"] is None:
            raise ValidationFailed(error("exit_date", "has to be there once it has ended"))

    def _exit(self, record: Record, exit_date: date | None, reason: str | None) -> Record:
        year = self._former()
        nearest = min(max(year.today, record["entry_date"]), year.last)
        if exit_date:
            check_dates(record["entry_date"], exit_date, year)
        return {"exit_date": exit_date or nearest, "exit_reason": reason}

    def _learn(self, sql: Sql, asked: Record) -> None:
        """Have a calendar read in the next flush."""

        def learn(rows: Rows) -> None:
            found = Calendar(*rows[0]) if rows else None
            if sql is CALENDAR_OF:
                self.former = found
            else:
                self.calendar = found

        self.scope.run_ahead(sql, asked, learn)

    def _calendar(self) -> Calendar:
        """The one that is asked for. Raises ValidationFailed."""
        if self.calendar is None:
            raise ValidationFailed(error("calendar_id", "there is no such record"))
        return self.calendar

    def _former(self) -> Calendar:
        """That of the enrollment, which is held."""
        assert self.former  # noqa: S101 - for the type checker
        return self.former


def _next(former: Record, calendar: Calendar, entry: date, grade_level_id: str | None) -> Record:
    """What follows on an enrollment; the grade stays while the school year does."""
    is_same_year = calendar.school_year_id == former["school_year_id"]
    return {
        "id": str(ULID()),
        "person_id": former["person_id"],
        "calendar_id": calendar.id,
        "grade_level_id": grade_level_id or (former["grade_level_id"] if is_same_year else None),
        "entry_date": entry,
        "previous_id": former["id"],
    }


def _refuse_archived_calendar(calendar: Calendar) -> None:
    """Of an archived school or year. Raises ReferenceArchived."""
    if calendar.is_archived:
        raise ReferenceArchived("calendar_id")
