"""Records that join two of one table, `source_id` with `target_id`, seen from either end."""

from collections.abc import Mapping
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Table, any_, bindparam, case, func, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.types import Text

from nexus.access.scope import Rows
from nexus.db.statements import Sql, compiled, remembered
from nexus.problems import RecordArchived
from nexus.records.crud import CrudService
from nexus.records.reading import Record
from nexus.records.references import IDS, names_archived, own_tenant


class JointService(CrudService):
    """Those of one record, as they look from it. Those of an archived record stay as they are, and
    leave default lists with it. Whoever writes the ends joins and parts them."""

    ends: ClassVar[Table]
    end: ClassVar[str]  # the path's parameter that names the record they are seen from
    directions: ClassVar[tuple[str, str]]  # as seen from the source, and from the target

    @classmethod
    def is_outgoing(cls) -> ColumnElement[bool]:
        here: ColumnElement[bool] = cls.table.c.source_id == bindparam(
            cls.end, type_=Text(collation="C")
        )
        return here

    @classmethod
    def computed(cls) -> Mapping[str, ColumnElement[Any]]:
        outgoing, incoming = cls.directions
        return {"direction": case((cls.is_outgoing(), outgoing), else_=incoming)}

    @classmethod
    def is_archived(cls) -> ColumnElement[bool]:
        source, target = cls.ends.alias(), cls.ends.alias()
        c = cls.table.c
        return names_archived(source, c.source_id) | names_archived(target, c.target_id)

    def values(self) -> Record:
        return {self.end: ""}  # by itself, one is seen from no end

    def authorize_delete(self) -> None:
        self.authorize_write()

    def create(self, values: Record) -> Record:
        """From the path's record to the target. Raises NotFound, RecordArchived."""
        self.authorize_write()
        self._require_parents_ahead()
        self.check_references(values)
        source_id = self.within[self.end]
        held = {"ids": [source_id, values["target_id"]]}
        self.scope.run_ahead(holding(type(self)), held, self._refuse_archived)
        return self.insert({"source_id": source_id, **values})

    def lock(self, record_id: str) -> Record:
        """Its ends first, as who deletes an end does. Raises NotFound, RecordArchived."""
        ends: list[Rows] = []
        self._enter()
        self.scope.run_ahead(holding_of(type(self)), {"id": record_id}, ends.append)
        record = super().lock(record_id)
        self._refuse_archived(ends[0])
        return record

    def _refuse_archived(self, ends: Rows) -> None:
        if any(archived_at for (archived_at,) in ends):
            raise RecordArchived("An end is archived: restore it first.")


@remembered
def holding(joints: type[JointService]) -> Sql:
    """Holds the records bound as ids, so that none is archived meanwhile."""
    return compiled(_held(joints, bindparam("ids", type_=IDS)))


@remembered
def holding_of(joints: type[JointService]) -> Sql:
    """Holds the ends of the joint that is bound as id."""
    c = joints.table.c
    ends = select(func.unnest(array[Any]([c.source_id, c.target_id])))
    is_it = (c.id == bindparam("id", type_=c.id.type)) & (c.tenant_id == own_tenant)
    return compiled(_held(joints, func.array(ends.where(is_it).scalar_subquery())))


def _held(joints: type[JointService], ids: Any) -> Any:
    """In one order, so that two which share their ends take turns."""
    c = joints.ends.c
    rows = select(c.archived_at).where(c.tenant_id == own_tenant, c.id == any_(ids))
    return rows.order_by(c.id).with_for_update(read=True)
