"""The System app in this process, for what can only be seen from within."""

from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient

from nexus.database import engine
from nexus.settings import settings
from tests.support.api import Api
from tests.support.envelope import check_envelope
from tests.support.stack import Database


@pytest.fixture
def inside(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Api], Api]]:
    """Takes a caller to the app in this process."""
    monkeypatch.setenv("NEXUS_DATABASE_URL", database.app_url)
    monkeypatch.setenv("NEXUS_TOKEN_KEY", database.token_key)
    settings.cache_clear()
    engine.cache_clear()
    from system.app import app

    with TestClient(app, raise_server_exceptions=False) as client:
        client.event_hooks["response"] = [check_envelope]
        yield lambda caller: caller.through(client)
    engine().dispose()
    settings.cache_clear()
    engine.cache_clear()
