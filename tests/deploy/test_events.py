"""The events in tests/events/ are ones that the handlers answer: `sam local invoke` sends them."""

import importlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from local.postgres import Postgres
from nexus.database import engine
from nexus.settings import settings
from tests.support.stack import Database, new_database

EVENTS = Path(__file__).parents[1] / "events"

type Invoke = Callable[..., Any]


@pytest.fixture(scope="module")
def migrated(server: Postgres) -> Database:
    return new_database(server, "events")


@pytest.fixture
def invoke(migrated: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Invoke]:
    def invoke(module: str, event: str, url: str = migrated.app_url, **words: str) -> Any:
        monkeypatch.setenv("NEXUS_DATABASE_URL", url)
        monkeypatch.setenv("NEXUS_TOKEN_KEY", migrated.token_key)
        _begin_anew()
        text = (EVENTS / f"{event}.json").read_text()
        for placeholder, value in words.items():
            text = text.replace(placeholder, value)
        context = SimpleNamespace(
            function_name=module, get_remaining_time_in_millis=lambda: 29_000, aws_request_id="1"
        )
        return importlib.import_module(f"{module}.app").handler(json.loads(text), context)

    yield invoke
    _begin_anew()


def _begin_anew() -> None:
    """Each function is a process of its own, with its own environment."""
    if engine.cache_info().currsize:
        engine().dispose()
    engine.cache_clear()
    settings.cache_clear()


def sign_in(invoke: Invoke, database: Database) -> dict[str, Any]:
    email = database.admin_email.replace("@", "%40")
    words = {"administrator%40nexus.example": email, "PASSWORD": database.admin_password}
    answer: dict[str, Any] = invoke("system", "signin", **words)
    return answer


def test_health(invoke: Invoke) -> None:
    assert invoke("system", "health")["statusCode"] == 200


def test_signin(invoke: Invoke, migrated: Database) -> None:
    answer = sign_in(invoke, migrated)
    assert answer["statusCode"] == 200, answer["body"]
    assert json.loads(answer["body"])["token_type"] == "bearer"


def test_location_types(invoke: Invoke, migrated: Database) -> None:
    token = json.loads(sign_in(invoke, migrated)["body"])["access_token"]
    answer = invoke("locations", "location-types", TOKEN=token)
    assert answer["statusCode"] == 200, answer["body"]


def test_expire_sessions(invoke: Invoke, migrated: Database) -> None:
    done = invoke("housekeeping", "expire-sessions", url=migrated.superuser_url)
    assert done["finished"] is True


def test_each_event_is_used_here() -> None:
    names = {path.stem.replace("-", "_") for path in EVENTS.glob("*.json")}
    assert {f"test_{name}" for name in names} <= globals().keys()
