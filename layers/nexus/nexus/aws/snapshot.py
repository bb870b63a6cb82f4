"""SnapStart: what may not be in a snapshot that many environments start from."""

import random
from importlib import import_module

from nexus.aws import storage
from nexus.db.engine import engine
from nexus.settings import settings


def register() -> None:
    """Have Lambda call the hooks; its runtime brings the package, elsewhere are no snapshots."""
    try:
        import snapshot_restore_py as snapshots
    except ImportError:
        return
    snapshots.register_before_snapshot(forget_connection)
    snapshots.register_before_snapshot(storage.client.cache_clear)
    snapshots.register_before_snapshot(forget_credentials)
    snapshots.register_after_restore(random.seed)


def forget_credentials() -> None:
    """What signs in to the database is loaded, with nobody's credentials: they would have ended by
    the time that somebody starts from the snapshot."""
    if settings().database_iam:
        iam = import_module("nexus.db.iam")
        iam.session.cache_clear()


def forget_connection() -> None:
    """A connection that environments shared would mix up their answers."""
    if engine.cache_info().currsize:
        engine().dispose()
        engine.cache_clear()
