"""Steps that happen on a day, which is today unless a request says another."""

from datetime import date

from nexus.access.scope import Rows
from nexus.db.statements import Sql
from nexus.records.crud import CrudService
from nexus.records.reading import Record

TODAY = Sql("SELECT nexus.day_of(now())")


class DatedService(CrudService):
    """`today` is the day where the tenant is, known once a record is locked for a step."""

    today: date

    def lock_for_step(self, record_id: str) -> Record:
        self.authorize_write()
        self.scope.run_ahead(TODAY, {}, self._learn_today)
        return self.lock(record_id)

    def _learn_today(self, rows: Rows) -> None:
        self.today = rows[0][0]
