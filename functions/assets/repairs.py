"""Repairs: an issue about an asset. What an issue has is read and written through it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema
from sqlalchemy import ColumnElement, FromClause, Table, and_

from assets.custody.of_asset import TO_TELL, AssetNotActive
from assets.reads import ASSET
from assets.tables import asset_repairs, repaired_issues
from locations.reads import LOCATION, within_location
from nexus.access.scope import Rows
from nexus.db.statements import Sql
from nexus.http.routes import add_create, add_get, add_list, add_update
from nexus.http.routing import resource_router
from nexus.problems import Conflict, RecordArchived, ValidationFailed, error
from nexus.records import fields
from nexus.records.crud import CrudService
from nexus.records.keyset import Order
from nexus.records.reading import Record
from nexus.records.references import Reference, loading
from nexus.records.schemas import Body, Description, Id, TenantRead, Title, unset, written_by
from projects.commands import hold_issue, open_issue, update_issue
from projects.reads import (
    HOME_OF_REPAIRS,
    ISSUE,
    ISSUE_PRIORITY,
    ISSUE_STATUS,
    ISSUE_TYPE,
    PROJECT,
)

HOLD_ASSET = Sql(
    "SELECT status FROM assets WHERE tenant_id = nexus.tenant_id() AND id = $1 FOR NO KEY UPDATE",
    ("asset_id",),
)
OF_ISSUE = ("title", "description", "priority_id")  # what is written through it


class RepairRead(TenantRead):
    issue_id: str = Field(description="Its transitions, history and comments are there")
    asset_id: str
    location_id: str | None = Field(description="Where it is repaired")
    title: str
    description: str | None
    priority_id: str
    status_id: str
    reported_at: datetime
    resolved_at: datetime | None


class RepairCreate(Body):
    """Opens the issue too: of the shared type for repairs, in the project Maintenance Service,
    unless others are given."""

    asset_id: Id
    title: Title
    description: Description | None = None
    priority_id: Id | None = None
    location_id: Id | None = None
    project_id: Id | None = None
    issue_type_id: Id | None = None


class RepairUpdate(Body):
    title: Title = unset()
    description: Description | None = unset()
    priority_id: Id = unset()
    location_id: Id | None = unset()
    status_id: SkipJsonSchema[
        Annotated[Any, written_by("a transition: POST /issues/{issue_id}/transition")]
    ] = unset()


class NoHomeOfRepairs(Conflict):
    """The shared project or type for repairs is gone: give project_id and issue_type_id."""


class KindChanged(ValidationFailed):
    """An asset is repaired by an issue of the kind repair."""

    constraints = ("ck_asset_repairs_kind",)

    def __init__(self) -> None:
        super().__init__(error("issue_type_id", "is not of the kind repair any more"))


class Repairs(CrudService):
    """A change of its issue is one of the repair."""

    table = asset_repairs
    read = RepairRead
    path = "/asset-repairs/{repair_id}"
    references = {
        "issue_id": ISSUE,
        "asset_id": ASSET,
        "location_id": LOCATION,
        "priority_id": ISSUE_PRIORITY,
        "status_id": ISSUE_STATUS,
    }
    indexed = ("asset_id", "location_id")
    is_issue_archived = False

    @classmethod
    def source(cls) -> FromClause:
        """By issue_id, which is the same: by the id, which they are sorted by, the planner would
        merge the two, and walk all issues up to where a page begins."""
        r, i = asset_repairs.c, repaired_issues.c
        is_its = and_(i.tenant_id == r.tenant_id, i.id == r.issue_id)
        return asset_repairs.join(repaired_issues, is_its)

    @classmethod
    def searched(cls) -> Table:
        return repaired_issues

    @classmethod
    def searched_beside(cls) -> Collection[Table]:
        return (repaired_issues, asset_repairs)

    @classmethod
    def is_archived(cls) -> ColumnElement[bool] | None:
        return repaired_issues.c.archived_at.is_not(None)

    @classmethod
    def computed(cls) -> Mapping[str, ColumnElement[Any]]:
        names = ("title", "description", "priority_id", "status_id", "reported_at", "resolved_at")
        return {name: repaired_issues.c[name] for name in names}

    @classmethod
    def keys(cls) -> Mapping[str, ColumnElement[Any]]:
        """The time of the report is in the id."""
        i = repaired_issues.c
        joined = {"title": i.title_sort, "resolved_at": i.resolved_at}
        return {**super().keys(), **joined, "reported_at": asset_repairs.c.id}

    @classmethod
    def own_filters(cls) -> Mapping[str, fields.Field]:
        return within_location(asset_repairs.c.location_id)

    @classmethod
    def checked_filters(cls) -> Mapping[str, Reference]:
        return {**cls.references, "location_id__within": LOCATION}

    @classmethod
    def tied(cls, orders: Sequence[Order]) -> Sequence[Order]:
        *others, by_id = orders
        if not others or getattr(others[0].key, "table", None) is not repaired_issues:
            return orders
        return [*others, replace(by_id, field=replace(by_id.field, key=repaired_issues.c.id))]

    def create(self, values: Record) -> Record:
        """Opens the issue too. Raises AssetNotActive, and what opening an issue raises."""
        self.authorize_write()
        self.scope.require_tenant()
        self._check_named_by(values)
        asset, home, types = self.scope.run_all(
            (HOLD_ASSET, values), (HOME_OF_REPAIRS, {}), (loading(ISSUE_TYPE), _ids_of(values))
        )
        self._refuse_asset(asset)
        if any(type_.kind != "repair" for type_ in ISSUE_TYPE.read(types).values()):
            raise ValidationFailed(error("issue_type_id", "is not of the kind repair"))
        ((project_id, type_id),) = home
        project_id, type_id = values["project_id"] or project_id, values["issue_type_id"] or type_id
        if project_id is None or type_id is None:
            raise NoHomeOfRepairs
        issue = open_issue(
            self.scope,
            **{name: values[name] for name in OF_ISSUE},
            project_id=project_id,
            issue_type_id=type_id,
        )
        of_repair = {name: values[name] for name in ("asset_id", "location_id")}
        return self.insert({**of_repair, "id": issue["id"], "issue_id": issue["id"]})

    def update(self, record_id: str, changes: Record) -> Record:
        """What is the issue's, which has the same id, is changed in it."""
        of_issue = {name: value for name, value in changes.items() if name in OF_ISSUE}
        own = {name: value for name, value in changes.items() if name not in OF_ISSUE}
        self.authorize_write()
        hold_issue(self.scope, record_id, self._learn_archived)
        record = super().update(record_id, own)
        if not of_issue:
            return record
        update_issue(self.scope, record_id, **of_issue)
        return self.find(record_id)

    def refuse_change(self, record: Record) -> None:
        super().refuse_change(record)
        if self.is_issue_archived:
            raise RecordArchived("Its issue is archived: restore that first.")

    def _learn_archived(self, is_archived: bool) -> None:
        self.is_issue_archived = is_archived

    def _check_named_by(self, values: Record) -> None:
        named = {**self.references, "issue_type_id": ISSUE_TYPE, "project_id": PROJECT}
        self.check_named([(n, named[n], values[n]) for n in named if values.get(n) is not None])

    def _refuse_asset(self, rows: Rows) -> None:
        if not rows:  # deleted while it was waited for
            raise ValidationFailed(error("asset_id", "there is no such record"))
        ((status,),) = rows
        if status not in TO_TELL:
            raise AssetNotActive(status, "repaired")


def _ids_of(values: Record) -> Record:
    return {"ids": [id_ for id_ in [values["issue_type_id"]] if id_ is not None]}


REPAIRS = "/asset-repairs"

router = resource_router()
add_list(router, Repairs, REPAIRS)
add_create(router, Repairs, REPAIRS, RepairCreate)
add_get(router, Repairs)
add_update(router, Repairs, RepairUpdate)
