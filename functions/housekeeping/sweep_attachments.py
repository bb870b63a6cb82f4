"""Removes attachments that were never uploaded, and objects that no attachment names."""

from collections.abc import Sequence
from typing import Any

from housekeeping.work import BATCH, Found, Run
from nexus.access.scope import Scope
from nexus.aws import storage
from nexus.db.statements import Sql
from projects.commands import (
    attachments_never_uploaded,
    forget_never_uploaded,
    objects_after,
    unnamed_objects,
)

JOB = "sweep-attachments"
POSITION = Sql("SELECT position FROM job_positions WHERE job = $1", ("job",))
KEEP_POSITION = Sql(
    "INSERT INTO job_positions (job, position) VALUES ($1, $2)"
    " ON CONFLICT (job) DO UPDATE SET position = excluded.position",
    ("job", "position"),
)


def run(run: Run) -> None:
    for tenant in run.tenants():
        run.work("attachments", _waiting, forget_never_uploaded, tenant_id=tenant.id)
    with run.transaction() as scope:
        rows = scope.run(POSITION, {"job": JOB})
    reached = run.work("objects", _unnamed, _remove, begin=rows[0][0] if rows else "")
    if not run.is_dry:
        with run.transaction() as scope:
            scope.run(KEEP_POSITION, {"job": JOB, "position": reached or ""})


def _waiting(scope: Scope, after: Any) -> Found:
    ids = attachments_never_uploaded(scope, after or "", BATCH)
    return Found(ids, ids[-1] if len(ids) == BATCH else None)


def _unnamed(scope: Scope, after: Any) -> Found:
    keys, reached = objects_after(after, BATCH)
    return Found(unnamed_objects(scope, keys), reached)


def _remove(scope: Scope, keys: Sequence[str]) -> int:
    """Asked again: a tenant's rows may have come back meanwhile."""
    lost = unnamed_objects(scope, keys)
    storage.remove(lost)
    return len(lost)
