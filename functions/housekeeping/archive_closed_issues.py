"""Archives issues that were closed longer ago than their tenant wants them in lists."""

from functools import partial
from typing import Any

from housekeeping.work import BATCH, Found, Run
from nexus.access.scope import Scope
from projects.commands import archive_closed, closed_before


def run(run: Run) -> None:
    for tenant in run.tenants("archive_closed_issues_after_days"):
        days = int(tenant.setting)

        def find(scope: Scope, after: Any, days: int = days) -> Found:
            found = closed_before(scope, days, after, BATCH)
            return Found([id_ for id_, _ in found], found[-1] if len(found) == BATCH else None)

        run.work("issues", find, partial(archive_closed, days=days), tenant_id=tenant.id)
