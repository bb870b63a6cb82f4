"""Filters by what rows of another table say of a record."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select

from nexus.records.fields import Field
from nexus.records.references import own_tenant


@dataclass(frozen=True)
class RelatedFilter(Field):
    """Records of `owner`'s ids of which `related` has a row whose `column` is one of the values.
    A unique index that ends with `related` lets one value be looked up in the order of the ids."""

    owner: ColumnElement[Any] | None = None
    related: Any = None

    @property
    def operators(self) -> tuple[str, ...]:
        return ()

    def condition(self, operator: str, name: str) -> ColumnElement[bool]:
        is_of_tenant = self.related.table.c.tenant_id == own_tenant
        is_asked = super().condition(operator, name)
        assert self.owner is not None  # noqa: S101 - for the type checker
        return self.owner.in_(select(self.related).where(is_of_tenant, is_asked))
