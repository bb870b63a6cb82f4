"""Assignments: the spans that issues open and returns close."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, and_, func, literal_column, not_, select
from ulid import ULID

from assets.custody import statements
from assets.custody.of_asset import EARLIEST, TO_ISSUE, OfAsset
from assets.custody.schemas import AssetAssignmentRead
from assets.tables import asset_assignments
from nexus.access.scope import Rows
from nexus.problems import Conflict, ValidationFailed, error
from nexus.records.crud import NOW
from nexus.records.parts import PartService
from nexus.records.reading import Record
from nexus.records.resources import Choices

DAY_AFTER_TOMORROW: ColumnElement[Any] = literal_column("CURRENT_DATE + 2", Date)


class AssignmentClosed(Conflict):
    """The assignment is closed."""


class Assignments(OfAsset):
    """Who has what since when."""

    table = asset_assignments
    read = AssetAssignmentRead
    path = "/assignments/{assignment_id}"
    covered = ("updated_at", "start_date", "end_date", "due_on", "closed_at")
    started_at: datetime

    @classmethod
    def computed(cls) -> Mapping[str, ColumnElement[Any]]:
        c = asset_assignments.c
        return {"is_undone": c.ended_at == c.started_at}

    @classmethod
    def choices(cls) -> Mapping[str, Choices]:
        c = asset_assignments.c
        is_open = c.closed_at.is_(None)
        # The tenant's day is read once for all rows, and what the planner can count stands beside
        # it: nowhere is it later than tomorrow.
        today = select(func.nexus.day_of(func.now(), type_=Date)).scalar_subquery()
        is_overdue = and_(is_open, c.due_on < today, c.due_on < DAY_AFTER_TOMORROW)
        return {
            "is_open": {"any": None, "true": is_open, "false": not_(is_open)},
            "is_overdue": {"any": None, "true": is_overdue, "false": is_overdue.is_not(True)},
        }

    def create(self, values: Record) -> Record:
        """Raises AssetNotActive, AssetOverIssued, CustodyOverlaps."""
        self.authorize_write()
        self.is_named_in_body = "asset_id" in values
        given = {**values, **self._named_by_path()}
        self.check_holder(given, "person_id", "location_id")
        self.begin(given["asset_id"], start_date=given["start_date"], end_date=given["end_date"])
        self.scope.run_all()
        clock = self.clock
        start = given["start_date"] or clock.today
        _check_dates(start, given["end_date"], given["due_on"], clock.today)
        started_at = clock.now if start == clock.today else clock.start
        event = {
            **given,
            "id": str(ULID()),
            "circulation_type": "issue",
            "occurred_at": started_at,
        }
        record = {
            **given, "start_date": start, "started_at": started_at, "opened_by_id": event["id"]
        }  # fmt: skip
        is_over = given["end_date"] is not None and given["end_date"] < clock.today
        if is_over:
            self.refuse_several(given["quantity"])
            self.refuse_state(TO_ISSUE, "assigned")
        else:
            self.refuse_issue(given["quantity"])
        self.scope.run_ahead(statements.EVENT, event)
        if is_over:
            record |= self._ended(record, given["end_date"], None)
        return self.insert(record)

    def update(self, record_id: str, changes: Record) -> Record:
        """Raises AssignmentClosed, RecordArchived."""
        self.authorize_write()
        self.begin()
        record = self.lock(record_id)
        changed = {name: value for name, value in changes.items() if record[name] != value}
        becomes = {**record, **changed}
        if changed.keys() & {"end_date", "due_on"}:
            _check_dates(record["start_date"], becomes["end_date"], becomes["due_on"], None)
            if changed.get("end_date") and changed["end_date"] < self.clock.today:
                raise ValidationFailed(error("end_date", "is over: POST …/close closes it"))
        PartService.refuse_archived(self)
        if record["closed_at"] and changed.keys() & {"end_date", "due_on"}:
            raise AssignmentClosed(state="closed", allowed=[])
        return self.write(record, changed) if changed else record

    def close(
        self, record_id: str, end_date: date | None = None, notes: str | None = None
    ) -> Record:
        """What is out comes back. Raises AssignmentClosed."""
        self.authorize_write()
        record = self._lock_to_end(record_id, end_date)
        if end_date and end_date > self.clock.today:
            raise ValidationFailed(error("end_date", "is in the future: PATCH plans an end"))
        _check_dates(record["start_date"], end_date, None, None)
        if record["closed_at"]:
            raise AssignmentClosed(state="closed", allowed=[])
        ended = self._ended(record, end_date or max(self.clock.today, record["start_date"]), notes)
        return self.write(record, {"notes": notes, **ended} if notes else ended)

    def close_planned(self, record_id: str) -> bool:
        """Close one whose planned end is over, on that day; whether it still was to be closed."""
        planned = self.scope.run(statements.PLANNED_END, {"id": record_id})
        if not planned:
            return False
        ((end_date,),) = planned
        record = self._lock_to_end(record_id, end_date)
        if record["closed_at"] or record["end_date"] != end_date:
            return False
        self.write(record, self._ended(record, end_date, None))
        return True

    def _lock_to_end(self, record_id: str, end_date: date | None) -> Record:
        self.begin(end_date=end_date)
        self.scope.run_ahead(statements.STARTED, {"id": record_id}, self._learn_start)
        record = self.lock(record_id)
        return {**record, "started_at": self.started_at}

    def _learn_start(self, rows: Rows) -> None:
        if rows:
            self.started_at = rows[0][0]

    def _ended(self, record: Record, end_date: date, notes: str | None) -> Record:
        """What ends an assignment, by an event of its own: today now, on a day before when that
        began, or when that is over if it began on it."""
        clock, started_at = self.clock, record["started_at"]
        ended_at = clock.now
        if end_date < clock.today and clock.end and clock.after_end:
            ended_at = clock.end if clock.end > started_at else clock.after_end
        ended_at = max(ended_at, started_at)
        event = {
            **record,
            "id": str(ULID()),
            "circulation_type": "return",
            "occurred_at": ended_at,
            "notes": notes,
        }
        self.scope.run_ahead(statements.EVENT, event)
        return {
            "closed_at": NOW,
            "end_date": end_date,
            "ended_at": ended_at,
            "closed_by_id": event["id"],
        }


def _check_dates(start: date, end: date | None, due: date | None, today: date | None) -> None:
    """Raises ValidationFailed."""
    wrong = []
    if today and start > today:
        wrong.append(error("start_date", "is in the future"))
    if start < EARLIEST:
        wrong.append(error("start_date", f"is before {EARLIEST}"))
    if end and end < start:
        wrong.append(error("end_date", f"is before the start, {start}"))
    if due and due < start:
        wrong.append(error("due_on", f"is before the start, {start}"))
    if wrong:
        raise ValidationFailed(*wrong)
