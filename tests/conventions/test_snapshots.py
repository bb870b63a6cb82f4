"""A snapshot holds no connection and no state of a random generator that others would repeat."""

import random
from collections.abc import Callable

import snapshot_restore_py as snapshots

from nexus.aws import snapshot, storage
from nexus.db.engine import engine
from tests.support.api import Api
from tests.support.people import Tenant

type Inside = Callable[[Api], Api]


def test_the_connection_is_gone_before_and_made_anew_after(inside: Inside, tenant: Tenant) -> None:
    admin = inside(tenant.admin)
    admin.get("/groups")
    before = engine()
    assert before.pool.checkedin()  # type: ignore[attr-defined]
    snapshot.forget_connection()
    assert not before.pool.checkedin()  # type: ignore[attr-defined]
    admin.get("/groups")
    assert engine() is not before


def test_the_hooks_are_registered_with_the_handler() -> None:
    import system.app

    assert callable(system.app.handler)
    before = [hook[0] for hook in snapshots.get_before_snapshot()]
    assert snapshot.forget_connection in before
    assert storage.client.cache_clear in before  # or restored credentials would be old ones
    assert random.seed in [hook[0] for hook in snapshots.get_after_restore()]
