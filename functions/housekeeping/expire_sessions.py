"""Deletes expired sessions and forgets tokens, idempotency keys and throttles past their time."""

from sqlalchemy import Connection, Delete, column, delete, func, select, table

from housekeeping.batches import Report, TimeLeft, drain

EXPIRY = {
    "sessions": "expires_at",
    "revoked_tokens": "expires_at",
    "idempotency_keys": "expires_at",
    "sign_in_throttles": "forget_at",
    "known_addresses": "expires_at",
    "quotas": "expires_at",
}


def run(time_left: TimeLeft) -> Report:
    """Idempotent, and resumable at the next run: each batch is a transaction of its own."""
    report = Report()
    for name in EXPIRY:

        def batch(connection: Connection, size: int, name: str = name) -> int:
            return connection.execute(_delete_expired(name, size)).rowcount

        report.deleted[name], finished = drain(batch, time_left)
        report.finished = report.finished and finished
    return report


def _delete_expired(name: str, size: int) -> Delete:
    rows = table(name, column("id"), column(EXPIRY[name]))
    expiry = rows.c[EXPIRY[name]]
    some = select(rows.c.id).where(expiry <= func.now()).order_by(expiry).limit(size)
    # Expiry is asked twice: a session or a throttle may have been renewed meanwhile.
    return delete(rows).where(rows.c.id.in_(some), expiry <= func.now())
