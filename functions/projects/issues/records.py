"""Issues as they are read: what lists filter and sort by, custom fields included."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, any_, func, select, union_all
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import BigInteger

from nexus.access.scope import Rows
from nexus.records.fields import Field, id_filter, invalid
from nexus.records.keyset import Order
from nexus.records.query import NO_PARAMS, Page, Params, Query
from nexus.records.reading import BY_VALUE, Record, Records
from nexus.records.references import IDS, Reference, own_tenant
from nexus.records.related import RelatedFilter
from nexus.records.resources import Parent
from projects.issues import custom
from projects.issues.field_values import DEFINITIONS, Definitions, definitions
from projects.issues.schemas import IssueRead
from projects.reads import ISSUE, ISSUE_PRIORITY, ISSUE_STATUS, ISSUE_TYPE, PROJECT
from projects.tables import issue_keys, issues, links, watchers
from system.reads import USER


class KeyFilter(Field):
    """An issue is found by each key that it ever had."""

    def condition(self, operator: str, name: str) -> ColumnElement[bool]:
        if operator in ("eq", "in"):
            return EVER.condition(operator, name)
        return super().condition(operator, name)


_keys = issue_keys.c
EVER = RelatedFilter("key", _keys.key, str, owner=issues.c.id, related=_keys.issue_id)


class IssueRecords(Records):
    """The tenant's issues."""

    table = issues
    read = IssueRead
    path = "/issues/{issue_id}"
    references = {
        "project_id": PROJECT,
        "issue_type_id": ISSUE_TYPE,
        "priority_id": ISSUE_PRIORITY,
        "status_id": ISSUE_STATUS,
        "reporter_id": USER,
        "assignee_id": USER,
    }
    indexed = (*references, "kind", "category")
    covered = ("updated_at", "closed_at", "due_at")
    alike = func.nexus.field_set(issues.c.fields, issues.c.archived_at, type_=BigInteger)
    parents = {"project_id": Parent(PROJECT, ("project_id",))}
    known: Definitions = {}  # the fields that there are, where a request names some
    sorted_by: str = ""  # the id of a field

    @classmethod
    def computed(cls) -> Mapping[str, ColumnElement[Any]]:
        by_key = func.nexus.fields_by_key(issues.c.fields, type_=JSONB)
        return {"fields": by_key, "opened_at": issues.c.created_at}

    @classmethod
    def keys(cls) -> Mapping[str, ColumnElement[Any]]:
        return {**super().keys(), "opened_at": issues.c.id}

    @classmethod
    def own_filters(cls) -> Mapping[str, Field]:
        c, watched = issues.c, watchers.c
        return {
            "key": KeyFilter("key", c.key, str, normal_form=_key),
            "watcher_id": RelatedFilter(
                "watcher_id", watched.user_id, str, owner=c.id, related=watched.issue_id
            ),
            **id_filter("linked_issue_id", lambda ids: c.id == any_(_linked_to(ids))),
        }

    @classmethod
    def checked_filters(cls) -> Mapping[str, Reference]:
        return {**cls.references, "watcher_id": USER, "linked_issue_id": ISSUE}

    @classmethod
    def field_named(cls, name: str) -> Field:
        return custom.OF_SHAPES.get(name) or super().field_named(name)

    @classmethod
    def joined(cls, rows: Select[Any], orders: Sequence[Order]) -> Select[Any]:
        is_custom = isinstance(orders[0].field, custom.SortField)
        return custom.joined(rows) if is_custom else rows

    def list(self, params: Params = NO_PARAMS) -> Page:
        """Where custom fields are asked for, what there is takes another wait."""
        if custom.asks_custom(params):
            self.scope.require_tenant()
            self._learn(self.scope.run(DEFINITIONS))
        return super().list(params)

    def _query(self, params: Params) -> Query:
        known = self.known
        filters = {**self.filters(), **custom.filters(known)}
        if any(name.startswith(custom.PREFIX) for name in custom.sort_names(params)[1:]):
            raise invalid("sort", "takes one custom field, before all others")
        query = Query(
            params,
            self.fields(),
            self.parameters(),
            filters,
            {**self.sorts(), **custom.sorts(known)},
        )
        query.filters = custom.merged(query.filters)
        return query

    def _bound(self, query: Query) -> Record:
        first = query.orders[0].field
        if isinstance(first, custom.SortField) and first.definition:
            self.sorted_by = first.definition.id
        return {**super()._bound(query), "sort_field": self.sorted_by}

    def _check_ahead(self, query: Query) -> None:
        super()._check_ahead(query)
        ids: dict[str, list[str]] = {}
        named: dict[str, Reference] = {}
        for parameter, given in query.asked.items():
            field = given.field
            if (
                isinstance(field, custom.CustomFilter)
                and field.names
                and given.operator in BY_VALUE
            ):
                ids[parameter] = list(given.values)
                named[parameter] = field.names
        self.require_named(ids, named)

    def _cursor_context(self) -> str:
        """Of a custom field, which one: another may have its key by now."""
        context = super()._cursor_context()
        return f"{context} {self.sorted_by}" if self.sorted_by else context

    def _learn(self, rows: Rows) -> None:
        self.known = definitions(rows)


def _key(text: str) -> str:
    return text.strip().upper()


def _linked_to(ids: BindParameter[Any]) -> ColumnElement[Any]:
    """The ids of what is linked to the issues of the bound ids, as an array."""
    c = links.c
    outward = select(c.target_id).where(c.tenant_id == own_tenant, c.source_id == any_(ids))
    inward = select(c.source_id).where(c.tenant_id == own_tenant, c.target_id == any_(ids))
    return func.array(union_all(outward, inward).scalar_subquery(), type_=IDS)
