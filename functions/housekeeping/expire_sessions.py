"""Deletes expired sessions and forgets tokens, idempotency keys and throttles past their time."""

from collections.abc import Sequence
from typing import Any

from housekeeping.work import BATCH, Act, Find, Found, Run
from nexus.access.scope import Scope
from nexus.db.statements import Sql

EXPIRY = {
    "sessions": "expires_at",
    "revoked_tokens": "expires_at",
    "idempotency_keys": "expires_at",
    "sign_in_throttles": "forget_at",
    "known_addresses": "expires_at",
    "quotas": "expires_at",
}
# Two runs at once would lock the same rows in different orders.
TAKE_TURNS = Sql("SELECT pg_advisory_xact_lock(hashtextextended('expire-sessions', 0))")


def run(run: Run) -> None:
    for table, expiry in EXPIRY.items():
        run.work(table, *_expired(table, expiry))


def _expired(table: str, expiry: str) -> tuple[Find, Act]:
    of_page = Sql(
        f"SELECT id, {expiry} FROM {table} WHERE {expiry} <= now()"  # noqa: S608
        f" AND ($1::timestamptz IS NULL OR ({expiry}, id) > ($1, $2))"
        f" ORDER BY {expiry}, id LIMIT $3",
        ("expiry", "id", "size"),
    )
    # A session or a throttle may have been renewed meanwhile.
    forgotten = Sql(
        f"DELETE FROM {table} WHERE id = ANY ($1) AND {expiry} <= now() RETURNING id",  # noqa: S608
        ("ids",),
    )

    def find(scope: Scope, after: Any) -> Found:
        id_, at = after or (None, None)
        rows = scope.run(of_page, {"expiry": at, "id": id_, "size": BATCH})
        return Found([row[0] for row in rows], tuple(rows[-1]) if len(rows) == BATCH else None)

    def forget(scope: Scope, ids: Sequence[str]) -> int:
        return len(scope.run_all((TAKE_TURNS, {}), (forgotten, {"ids": list(ids)}))[1])

    return find, forget
