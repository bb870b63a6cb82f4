"""Parts of a person. Whoever changes one holds the person's row, so that they take turns."""

from datetime import datetime

from sqlalchemy import ColumnElement, Row, and_, select

from census.tables import persons
from nexus.access.scope import Scope
from nexus.problems import NotFound, RecordArchived
from nexus.records.crud import CrudService
from nexus.records.reading import Record


class PartService(CrudService):
    """`within` keeps to the parts of what a path names."""

    person: Row[str, str | None, datetime | None]  # as it was when it was held

    def __init__(self, scope: Scope, *within: ColumnElement[bool]) -> None:
        super().__init__(scope)
        self.within = within

    def visible(self) -> ColumnElement[bool]:
        return and_(super().visible(), *self.within)

    def person_id(self) -> ColumnElement[str]:
        """Whose part a row is."""
        raise NotImplementedError

    def authorize_delete(self) -> None:
        """Parts go with the right to write the whole."""
        self.authorize_write()

    def hold(self, person_id: str | ColumnElement[str]) -> None:
        """Nobody else changes the person or its parts now. Raises NotFound."""
        c = persons.c
        asked = select(c.id, c.current_identity_id, c.archived_at)
        asked = asked.where(c.tenant_id == self.scope.tenant_id, c.id == person_id)
        held = self.scope.connection.execute(asked.with_for_update()).one_or_none()
        if held is None:
            raise NotFound
        self.person = held

    def add(self, person_id: str, values: Record) -> Record:
        """A new part of a person. Raises NotFound, RecordArchived."""
        self.authorize_write()
        self.hold(person_id)
        return self.insert({"tenant_id": self.scope.tenant_id, "person_id": person_id, **values})

    def lock(self, record_id: str, *within: ColumnElement[bool]) -> Record:
        found = select(self.person_id()).where(self.visible(), self.table.c.id == record_id)
        self.hold(found.scalar_subquery())
        return super().lock(record_id, *within)

    def insert(self, values: Record) -> Record:
        self.refuse_archived()
        return super().insert(values)

    def write(self, record: Record, values: Record) -> Record:
        self.refuse_archived()
        return super().write(record, values)

    def remove(self, record: Record) -> None:
        self.refuse_archived()
        super().remove(record)

    def refuse_change(self, record: Record) -> None:
        super().refuse_change(record)
        self.refuse_archived()

    def refuse_archived(self) -> None:
        """The parts of what is archived stay as they are. Raises RecordArchived."""
        if self.person.archived_at:
            raise RecordArchived("The person is archived: restore it first.")
