"""Rules of employments: their dates, and what ends with them."""

from datetime import date

from census.reads import PERSON
from education.dated import DatedService
from education.employments.schemas import EmploymentRead
from education.employments.states import MACHINE
from education.reads import SCHOOL
from education.tables import school_employments
from nexus.problems import Conflict, ValidationFailed, error
from nexus.records.reading import Record


class AssignmentBegins(Conflict):
    """An assignment that is open begins before the day of hire: change it first."""

    constraints = ("ck_school_employments_hire_date",)


class AssignmentBegan(ValidationFailed):
    """An employment does not end before its assignments begin."""

    constraints = ("ck_school_employments_end_date",)

    def __init__(self) -> None:
        super().__init__(error("end_date", "is before the start of an assignment that is active"))


class NotThen(Conflict):
    """The employment has no such date in this state: the actions set it."""

    constraints = ("ck_school_employments_hired", "ck_school_employments_ended")


class EndsBeforeHire(ValidationFailed):
    """An employment ends on the day of hire or later."""

    constraints = ("ck_school_employments_dates",)

    def __init__(self) -> None:
        super().__init__(error("end_date", "is before the day of hire"))


class Employments(DatedService):
    """Members write them."""

    table = school_employments
    read = EmploymentRead
    path = "/school-employments/{school_employment_id}"
    references = {"person_id": PERSON, "school_id": SCHOOL}
    indexed = (*references, "status")

    def write(self, record: Record, values: Record) -> Record:
        becomes = {**record, **values}
        hire, end = becomes["hire_date"], becomes["end_date"]
        if hire and end and end < hire:
            raise EndsBeforeHire
        if values.keys() & {"hire_date", "end_date", "end_reason"}:
            _check_state(becomes)
        return super().write(record, values)

    def hire(self, record_id: str, hire_date: date | None = None) -> Record:
        """Raises WrongMove, AssignmentBegins."""
        return self._hire("hire", record_id, hire_date)

    def reactivate(self, record_id: str, hire_date: date | None = None) -> Record:
        """Hired anew. Raises WrongMove, AssignmentBegins."""
        return self._hire("reactivate", record_id, hire_date)

    def terminate(
        self, record_id: str, end_date: date | None = None, reason: str | None = None
    ) -> Record:
        """Ends what is planned or active of it too. Raises WrongMove, AssignmentBegan."""
        return self._end("terminate", record_id, end_date, reason)

    def retire(
        self, record_id: str, end_date: date | None = None, reason: str | None = None
    ) -> Record:
        """Ends what is planned or active of it too. Raises WrongMove, AssignmentBegan."""
        return self._end("retire", record_id, end_date, reason)

    def _hire(self, name: str, record_id: str, hire_date: date | None) -> Record:
        record = self.lock_for_step(record_id)
        values = MACHINE.take(name, record)
        return self.write(record, {**values, "hire_date": hire_date or self.today})

    def _end(self, name: str, record_id: str, end_date: date | None, reason: str | None) -> Record:
        record = self.lock_for_step(record_id)
        hire_date = record["hire_date"]
        if end_date and hire_date and end_date < hire_date:
            raise EndsBeforeHire
        values = MACHINE.take(name, record)
        end = end_date or max(self.today, hire_date)
        return self.write(record, {**values, "end_date": end, "end_reason": reason})


def _check_state(record: Record) -> None:
    """Raises NotThen for dates that do not go with the state."""
    state = record["status"]
    is_hired, has_ended = state != "pending", state in ("terminated", "retired")
    is_right = (record["hire_date"] is not None) == is_hired
    is_right = is_right and (record["end_date"] is not None) == has_ended
    if not is_right or (record["end_reason"] and not has_ended):
        raise NotThen(state=state, allowed=MACHINE.allowed(state))
