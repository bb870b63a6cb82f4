"""The events in tests/events/ are ones that the handlers answer: `sam local invoke` sends them."""

import importlib
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from local.postgres import Postgres
from tests.support.stack import Database, kernel, new_database

EVENTS = Path(__file__).parents[1] / "events"

type Invoke = Callable[..., Any]


@pytest.fixture(scope="module")
def migrated(server: Postgres) -> Database:
    return new_database(server, "events")


@pytest.fixture
def invoke(migrated: Database) -> Invoke:
    def invoke(module: str, event: str, url: str = migrated.app_url, **words: str) -> Any:
        text = (EVENTS / f"{event}.json").read_text()
        for placeholder, value in words.items():
            text = text.replace(placeholder, value)
        context = SimpleNamespace(
            function_name=module, get_remaining_time_in_millis=lambda: 29_000, aws_request_id="1"
        )
        with kernel(**migrated.variables(url)):
            return importlib.import_module(f"{module}.app").handler(json.loads(text), context)

    return invoke


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
