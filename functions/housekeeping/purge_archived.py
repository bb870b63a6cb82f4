"""Deletes what was archived longer ago than its tenant keeps it, as far as nothing else refers to
it: what hangs on others goes first, and lets go of them."""

from collections.abc import Sequence
from typing import Any

from housekeeping.work import BATCH, Act, Find, Found, Run
from nexus.access.scope import Scope
from nexus.db.statements import Sql

# Leaves first. A repair is archived with its issue. Tenants stay until somebody deletes them.
SOURCES = {
    "asset_repairs": "asset_repairs JOIN issues a USING (tenant_id, id)",
    "issues": "issues a",
    "configuration_items": "configuration_items a",
    "assets": "assets a",
    "identities": "identities a",
    "persons": "persons a",
    "schools": "schools a",
    "school_years": "school_years a",
    "groups": "groups a",
    "projects": "projects a",
}


def run(run: Run) -> None:
    for tenant in run.tenants("purge_archived_after_days"):
        for table in SOURCES:
            run.work(table, *_archived(table, int(tenant.setting)), tenant_id=tenant.id)


def _archived(table: str, days: int) -> tuple[Find, Act]:
    due = (
        f"SELECT a.id, a.archived_at FROM {SOURCES[table]}"  # noqa: S608
        " WHERE a.tenant_id = nexus.tenant_id()"
        " AND a.archived_at < now() - make_interval(days => $1)"
    )
    of_page = Sql(
        f"{due} AND ($2::timestamptz IS NULL OR (a.archived_at, a.id) > ($2::timestamptz, $3))"
        " ORDER BY a.archived_at, a.id LIMIT $4",
        ("days", "archived_at", "id", "size"),
    )
    # Where it was restored meanwhile it stays.
    removed = Sql(
        f"DELETE FROM {table} d USING ({due} AND a.id = ANY ($2)) AS due"  # noqa: S608
        " WHERE d.id = due.id AND d.tenant_id = nexus.tenant_id() RETURNING d.id",
        ("days", "ids"),
    )

    def find(scope: Scope, after: Any) -> Found:
        id_, archived_at = after or (None, None)
        asked = {"days": days, "archived_at": archived_at, "id": id_, "size": BATCH}
        rows = scope.run(of_page, asked)
        ids = [row[0] for row in rows]
        return Found(ids, tuple(rows[-1]) if len(rows) == BATCH else None)

    def remove(scope: Scope, ids: Sequence[str]) -> int:
        return len(scope.run(removed, {"days": days, "ids": list(ids)}))

    return find, remove
