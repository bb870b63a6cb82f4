"""Work in small transactions, until it is done or the time is up."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection, text

from nexus.db.engine import engine

BATCH = 1_000
LOCK_KEY = 0x686F757365  # "house"

type TimeLeft = Callable[[], float]
type Batch = Callable[[Connection, int], int]


@dataclass
class Report:
    deleted: dict[str, int] = field(default_factory=dict)
    finished: bool = True


def drain(batch: Batch, time_left: TimeLeft) -> tuple[int, bool]:
    """Repeat a batch until it finds less than it could take: (rows, whether all were taken)."""
    total = 0
    while time_left() > 0:
        rows = _in_transaction(batch)
        total += rows
        if rows < BATCH:
            return total, True
    return total, False


def _in_transaction(batch: Batch) -> int:
    with engine().begin() as connection:
        # Two runs at once would lock the same rows in different orders.
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY})
        return batch(connection, BATCH)
