"""Closes custody of assets and ends employment assignments whose planned end is over."""

from collections.abc import Callable, Sequence
from typing import Any

from assets.commands import assignments_past_end as custody_past_end
from assets.commands import close_planned
from education.commands import assignments_past_end as employment_past_end
from education.commands import end_planned
from housekeeping.work import BATCH, Act, Find, Found, Run
from nexus.access.scope import Scope


def run(run: Run) -> None:
    """Each in a transaction of its own, like a request for it."""
    for tenant in run.tenants():
        custody = _past(custody_past_end), _each(close_planned)
        run.work("asset_assignments", *custody, tenant_id=tenant.id, size=1)
        employment = _past(employment_past_end), _each(end_planned)
        run.work("school_employment_assignments", *employment, tenant_id=tenant.id, size=1)


def _past(ids: Callable[[Scope, str, int], Sequence[str]]) -> Find:
    def find(scope: Scope, after: Any) -> Found:
        found = ids(scope, after or "", BATCH)
        return Found(found, found[-1] if len(found) == BATCH else None)

    return find


def _each(act: Callable[[Scope, str], bool]) -> Act:
    return lambda scope, ids: sum(act(scope, id_) for id_ in ids)
