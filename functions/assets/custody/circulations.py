"""Circulations: what happened to assets."""

from collections.abc import Sequence
from datetime import date, datetime

from ulid import ULID

from assets.custody import statements
from assets.custody.of_asset import EARLIEST, TO_TELL, OfAsset
from assets.custody.schemas import CirculationRead
from assets.tables import asset_circulations
from census.reads import PERSON
from nexus.access.scope import Rows
from nexus.problems import Conflict, ValidationFailed, error
from nexus.records.crud import CALLER
from nexus.records.reading import Record

DONE = {"move": "moved", "receive": "received", "confirm": "confirmed"}
CORRECTS = {"issue": "return", "return": "issue"}  # the others one of their own kind


class AssetNotOut(Conflict):
    """That is not out."""

    def __init__(self, detail: str, out: int) -> None:
        super().__init__(detail, out=out)


class AlreadyCorrected(Conflict):
    """Another event corrects this one already."""

    constraints = ("uq_asset_circulations_corrects_id",)


class IssueUndone(Conflict):
    """What this return took back was an issue by mistake, at least in part, which is undone: issue
    what is out anew."""


class Circulations(OfAsset):
    """What happened to assets: only added to."""

    table = asset_circulations
    read = CirculationRead
    path = "/asset-circulations/{circulation_id}"
    indexed = (*OfAsset.indexed, "circulation_type")
    covered = ("updated_at", "occurred_at")

    def create(self, values: Record) -> Record:
        """Record an event, and what follows from it. Raises AssetNotActive, AssetOverIssued,
        AssetNotOut, CustodyOverlaps, AlreadyCorrected."""
        self.authorize_write()
        self.is_named_in_body = True
        kind = values["circulation_type"]
        if kind == "return":  # from whoever has it, in the archive or not
            person = {"person_id": [values["person_id"]]} if values["person_id"] is not None else {}
            self.require_named(person, {"person_id": PERSON})
        else:
            self.check_holder(values, "person_id")
        self.check_holder(values, "location_id")
        self.begin(values["asset_id"], values["occurred_at"])
        asked = [(statements.CORRECTED, values)]
        if kind == "return":
            asked += [(statements.OUT, values)]
        elif kind == "issue":
            asked += [(statements.TO_GO_ON, values)]
        found, *of_kind = self.scope.run_all(*asked)
        event = {"id": str(ULID()), **values, "recorded_by": CALLER}
        if event["corrects_id"] is not None:
            self._check_correction(event, found)
        event["quantity"] = event["quantity"] or 1
        event["occurred_at"] = self._moment(event["occurred_at"])
        if kind == "issue":
            self._issue(event, *of_kind)
        elif kind == "return":
            self._take_back(event, *of_kind)
        else:
            self._tell(event)
        return self.insert(event)

    def tell_of(self, asset_ids: Sequence[str], values: Record) -> Sequence[Record]:
        """The same move, receipt or confirmation of several assets, which corrects nothing. Raises
        as `create`."""
        self.authorize_write()
        self.is_named_in_body = True
        self.check_holder(values, "person_id", "location_id")
        self.begin(occurred_at=values["occurred_at"])
        self._read_clock_ahead()
        (held,) = self.scope.run_all((statements.HOLD_ALL, {"ids": asset_ids}))
        if len(held) < len(set(asset_ids)):
            raise ValidationFailed(error("asset_id", "there is no such record"))
        event = {
            **values,
            "corrects_id": None,
            "quantity": values["quantity"] or 1,
            "occurred_at": self._moment(values["occurred_at"]),
            "recorded_by": self.scope.user_id or None,
        }
        for row in held:
            self._hold([row])
            self._tell(event)
        return self.insert_many([{**event, "asset_id": id_} for id_ in asset_ids])

    def _check_correction(self, event: Record, found: Rows) -> None:
        """Raises ValidationFailed; fills in what the corrected event says."""
        if not found:
            raise ValidationFailed(error("corrects_id", "there is no such event of the asset"))
        kind, person_id, quantity, occurred_at, is_correction, is_corrected = found[0]
        wanted = CORRECTS.get(event["circulation_type"], event["circulation_type"])
        if kind != wanted:
            told = f"is {kind}: {event['circulation_type']} corrects {wanted}"
            raise ValidationFailed(error("corrects_id", told))
        if is_correction and kind in CORRECTS:
            told = "is a correction itself: record what happened as an event of its own"
            raise ValidationFailed(error("corrects_id", told))
        if event["occurred_at"] is None and kind not in CORRECTS:
            event["occurred_at"] = occurred_at
        if event["occurred_at"] is not None and event["occurred_at"] < occurred_at:
            raise ValidationFailed(error("occurred_at", "is before what it corrects"))
        if event["quantity"] not in (None, quantity):
            raise ValidationFailed(error("quantity", f"is {quantity} of what it corrects"))
        event["quantity"] = quantity
        if is_corrected:
            raise AlreadyCorrected
        if kind in CORRECTS:
            if event["person_id"] not in (None, person_id):
                raise ValidationFailed(error("person_id", "is another one than it corrects"))
            event["person_id"] = person_id

    def _issue(self, event: Record, to_go_on: Rows) -> None:
        if event["person_id"] is None and event["corrects_id"] is None:
            raise ValidationFailed(error("person_id", "has to be given"))
        if event["corrects_id"] is not None and to_go_on[0][0] < event["quantity"]:
            raise IssueUndone
        self.refuse_issue(event["quantity"])
        if event["corrects_id"] is not None:
            self.scope.run_ahead(statements.UNDO_RETURN, event)
            return
        assigned = {
            **event,
            "id": str(ULID()),
            "location_id": None,
            "start_date": self._day(),
            "started_at": event["occurred_at"],
            "opened_by_id": event["id"],
        }
        self.scope.run_ahead(statements.ASSIGN, assigned)

    def _take_back(self, event: Record, rows: Rows) -> None:
        self.refuse_several(event["quantity"])
        if event["corrects_id"] is not None:
            self.scope.run_ahead(statements.UNDO_ISSUE, event)
            return
        out = [row for row in rows if row[4] <= event["occurred_at"]]
        if event["person_id"] is None:  # the place may be the one that has some of it
            out = [row for row in out if row[2] == event["location_id"] is not None] or out
        if len({(person_id, location_id) for _, person_id, location_id, *_ in out}) > 1:
            told = "has to be given, or the place that has it: several hold some of it"
            raise ValidationFailed(error("person_id", told))
        total = sum(quantity for *_, quantity, _ in out)
        if total < event["quantity"]:
            raise AssetNotOut(f"Then and there {total} are out.", total)
        event["person_id"] = out[0][1]
        self._close(out, event)

    def _close(self, out: Rows, event: Record) -> None:
        """The oldest first, the last of them perhaps in part."""
        ended = {
            "ended_at": event["occurred_at"],
            "end_date": self._day(),
            "closed_by_id": event["id"],
        }
        left, whole = event["quantity"], []
        for id_, _, _, quantity, _ in out:
            if quantity <= left:
                whole.append(id_)
            elif left:
                part = {"id": id_, "quantity": left}
                self.scope.run_ahead(statements.KEEP_REST, part)
                part = {**part, **ended, "id": str(ULID()), "of": id_}
                self.scope.run_ahead(statements.TAKE_PART_BACK, part)
            left = max(left - quantity, 0)
        if whole:
            self.scope.run_ahead(statements.TAKE_BACK, {**ended, "ids": whole})

    def _tell(self, event: Record) -> None:
        kind = event["circulation_type"]
        if kind != "confirm" and event["location_id"] is None:
            raise ValidationFailed(error("location_id", "has to be given"))
        self.refuse_several(event["quantity"])
        if event["quantity"] > self.held["quantity"]:
            told = f"is more than there is, which is {self.held['quantity']}"
            raise ValidationFailed(error("quantity", told))
        self.refuse_state(TO_TELL, DONE[kind])

    def _moment(self, occurred_at: datetime | None) -> datetime:
        """When it was, or now. Raises ValidationFailed."""
        if occurred_at is not None and occurred_at > self.clock.now:
            raise ValidationFailed(error("occurred_at", "is in the future"))
        if self._day() < EARLIEST:
            raise ValidationFailed(error("occurred_at", f"is before {EARLIEST}"))
        return occurred_at or self.clock.now

    def _day(self) -> date:
        return self.clock.day or self.clock.today
