"""SnapStart: what may not be in a snapshot that many environments start from."""

import random

from nexus.aws import storage
from nexus.db.engine import engine


def register() -> None:
    """Have Lambda call the hooks; its runtime brings the package, elsewhere are no snapshots."""
    try:
        import snapshot_restore_py as snapshots
    except ImportError:
        return
    snapshots.register_before_snapshot(forget_connection)
    snapshots.register_before_snapshot(storage.client.cache_clear)
    snapshots.register_after_restore(random.seed)


def forget_connection() -> None:
    """A connection that environments shared would mix up their answers."""
    if engine.cache_info().currsize:
        engine().dispose()
        engine.cache_clear()
