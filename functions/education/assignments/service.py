"""Rules of employment assignments: inside their employment, at any school of the tenant."""

from datetime import date

from census.reads import PERSON
from education.assignments.schemas import EmploymentAssignmentRead
from education.assignments.states import MACHINE
from education.dated import DatedService
from education.employments.states import MACHINE as EMPLOYMENT_MACHINE
from education.reads import ASSIGNMENT_TYPE, EMPLOYMENT, SCHOOL, SCHOOL_CALENDAR
from education.tables import school_employment_assignments
from nexus.access.scope import Rows
from nexus.db.statements import Sql
from nexus.problems import Conflict, ValidationFailed, error
from nexus.records.parts import HeldService
from nexus.records.reading import Record
from nexus.records.resources import Parent

SCHOOL_OF = Sql(
    "SELECT school_id FROM school_calendars WHERE tenant_id = nexus.tenant_id() AND id = $1",
    ("calendar_id",),
)
# Those whose planned end is over, in the order of their ids.
PAST_END = Sql(
    "SELECT id FROM school_employment_assignments WHERE tenant_id = nexus.tenant_id()"
    " AND status <> 'ended' AND end_date < nexus.day_of(now()) AND id > $1 ORDER BY id LIMIT $2",
    ("after", "size"),
)


class NotEmployed(Conflict):
    """The employment does not last: it has to be hired for that."""

    constraints = ("ck_school_employment_assignments_employment",)


class BeginsBeforeHire(ValidationFailed):
    """An assignment lies inside its employment."""

    constraints = ("ck_school_employment_assignments_start_date",)

    def __init__(self) -> None:
        super().__init__(error("start_date", "is before the day of hire"))


class CalendarOfOther(ValidationFailed):
    """An assignment's calendar is one of its school's."""

    def __init__(self) -> None:
        super().__init__(error("calendar_id", "is another school's"))


class EmploymentAssignments(DatedService, HeldService):
    """Members write them. Whoever does holds the employment, so that all take turns."""

    table = school_employment_assignments
    read = EmploymentAssignmentRead
    path = "/school-employment-assignments/{assignment_id}"
    references = {
        "employment_id": EMPLOYMENT,
        "person_id": PERSON,
        "school_id": SCHOOL,
        "calendar_id": SCHOOL_CALENDAR,
        "type_id": ASSIGNMENT_TYPE,
    }
    parents = {
        "school_employment_id": Parent(EMPLOYMENT, ("employment_id",)),
        "school_id": Parent(SCHOOL, ("school_id",)),
        "school_calendar_id": Parent(SCHOOL_CALENDAR, ("calendar_id",)),
        "person_id": Parent(PERSON, ("person_id",)),
    }
    indexed = (*references, "status")
    held_by = EMPLOYMENT
    whole_id = "employment_id"
    school_of_calendar: str | None = None

    @classmethod
    def held_columns(cls) -> tuple[str, ...]:
        return ("id", "status", "hire_date")

    def create(self, values: Record) -> Record:
        """Raises NotEmployed."""
        self.authorize_write()
        self.scope.require_tenant()
        self.is_named_in_body = "employment_id" in values
        given = {**values, **self._named_by_path()}
        self.check_references(values)
        self._learn_school(given)
        self.hold_for_new(given["employment_id"])
        self.scope.run_all()
        self._check({**given, "status": "planned"})
        return self.insert(given)

    def update(self, record_id: str, changes: Record) -> Record:
        self._learn_school(changes)
        return super().update(record_id, changes)

    def write(self, record: Record, values: Record) -> Record:
        if "status" not in values:
            if "school_id" in values and "calendar_id" not in values and record["calendar_id"]:
                raise CalendarOfOther
            self._check({**record, **values})
        return super().write(record, values)

    def start(self, record_id: str, start_date: date | None = None) -> Record:
        """Raises WrongMove, NotEmployed."""
        record = self.lock_for_step(record_id)
        planned = record["start_date"]
        start = start_date or (planned if planned and planned <= self.today else self.today)
        return self._move("start", record, {"start_date": start})

    def end(self, record_id: str, end_date: date | None = None) -> Record:
        """What ends before it began has no start. Raises WrongMove."""
        record = self.lock_for_step(record_id)
        planned, start = record["end_date"], record["start_date"]
        is_planned = record["status"] == "planned"
        end = end_date or (planned if planned and planned <= self.today else self.today)
        if is_planned and start and start > end:
            return self._move("end", record, {"end_date": end, "start_date": None})
        if not end_date and start:
            end = max(end, start)
        return self._move("end", record, {"end_date": end})

    def end_planned(self, record_id: str) -> bool:
        """End one whose planned end is over, on that day; whether it still was to be ended."""
        record = self.lock_for_step(record_id)
        end = record["end_date"]
        if record["status"] == "ended" or end is None or end >= self.today:
            return False
        self._move("end", record, {"end_date": end})
        return True

    def reactivate(self, record_id: str, start_date: date | None = None) -> Record:
        """Raises WrongMove, NotEmployed."""
        record = self.lock_for_step(record_id)
        return self._move("reactivate", record, {"start_date": start_date or self.today})

    def _move(self, name: str, record: Record, dates: Record) -> Record:
        becomes = {**record, **dates, "status": record["status"]}
        if name == "reactivate":
            becomes["end_date"] = None
        self._check_dates(becomes, is_open=name != "end")
        values = {**MACHINE.take(name, record), **dates}
        self._check_employment(values["status"])
        return self.write(record, values)

    def _learn_school(self, values: Record) -> None:
        """Of a calendar that is asked for."""

        def learn(rows: Rows) -> None:
            self.school_of_calendar = rows[0][0] if rows else None

        if values.get("calendar_id"):
            self.scope.run_ahead(SCHOOL_OF, {"calendar_id": values["calendar_id"]}, learn)

    def _check(self, record: Record) -> None:
        """Raises ValidationFailed, NotEmployed."""
        if self.school_of_calendar and self.school_of_calendar != record["school_id"]:
            raise CalendarOfOther
        self._check_dates(record, is_open=record["status"] != "ended")
        if record["status"] == "ended" and record["end_date"] is None:
            raise ValidationFailed(error("end_date", "has to be there once it has ended"))
        if record["status"] == "active" and record["start_date"] is None:
            raise ValidationFailed(error("start_date", "has to be there once it has begun"))
        self._check_employment(record["status"])

    def _check_dates(self, record: Record, *, is_open: bool) -> None:
        start, end, hired = record["start_date"], record["end_date"], self.held["hire_date"]
        if start and end and end < start:
            raise ValidationFailed(error("end_date", f"is before the start, {start}"))
        if is_open and start and hired and start < hired:
            raise ValidationFailed(error("start_date", f"is before the day of hire, {hired}"))

    def _check_employment(self, status: str) -> None:
        """Raises NotEmployed."""
        state = self.held["status"]
        lasts = {"active": ("hired",), "planned": ("pending", "hired")}.get(status)
        if lasts and state not in lasts:
            raise NotEmployed(state=state, allowed=EMPLOYMENT_MACHINE.allowed(state))
