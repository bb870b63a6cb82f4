"""Deletes what was archived longer ago than its tenant keeps it, as far as nothing else refers to
it: what hangs on others goes first, and lets go of them."""

from collections.abc import Sequence
from typing import Any

from housekeeping.work import BATCH, Act, Find, Found, Run
from nexus.access.scope import Scope
from nexus.db.statements import Sql

# Leaves first. Tenants stay until somebody deletes them.
TABLES = (
    "issues",
    "configuration_items",
    "assets",
    "identities",
    "persons",
    "schools",
    "school_years",
    "groups",
    "projects",
)
DUE = "tenant_id = nexus.tenant_id() AND archived_at < now() - make_interval(days => $1)"
# A repair is archived with its issue, and goes with it. The issue is held: who restores it
# meanwhile has both, or neither.
REMOVE_REPAIRS = Sql(
    f"DELETE FROM asset_repairs USING (SELECT id FROM issues WHERE {DUE} AND id = ANY ($2)"  # noqa: S608
    " FOR NO KEY UPDATE) AS due WHERE asset_repairs.id = due.id AND tenant_id = nexus.tenant_id()",
    ("days", "ids"),
)


def run(run: Run) -> None:
    for tenant in run.tenants("purge_archived_after_days"):
        for table in TABLES:
            run.work(table, *_archived(table, int(tenant.setting)), tenant_id=tenant.id)


def _archived(table: str, days: int) -> tuple[Find, Act]:
    of_page = Sql(
        f"SELECT id, archived_at FROM {table} WHERE {DUE}"  # noqa: S608
        " AND ($2::timestamptz IS NULL OR (archived_at, id) > ($2::timestamptz, $3))"
        " ORDER BY archived_at, id LIMIT $4",
        ("days", "archived_at", "id", "size"),
    )
    # Where it was restored meanwhile it stays: what is asked of the row itself is asked again of
    # what it has become.
    remove_rows = Sql(
        f"DELETE FROM {table} WHERE {DUE} AND id = ANY ($2) RETURNING id",  # noqa: S608
        ("days", "ids"),
    )

    def find(scope: Scope, after: Any) -> Found:
        id_, archived_at = after or (None, None)
        asked = {"days": days, "archived_at": archived_at, "id": id_, "size": BATCH}
        rows = scope.run(of_page, asked)
        ids = [row[0] for row in rows]
        return Found(ids, tuple(rows[-1]) if len(rows) == BATCH else None)

    def remove(scope: Scope, ids: Sequence[str]) -> int:
        asked = {"days": days, "ids": list(ids)}
        if table == "issues":
            scope.run_ahead(REMOVE_REPAIRS, asked)
        return len(scope.run(remove_rows, asked))

    return find, remove
