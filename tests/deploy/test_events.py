"""The events in tests/events/ are ones that the handlers answer: `sam local invoke` sends them."""

import importlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from infra.modules import MODULES
from local.postgres import Postgres
from tests.deploy.templates import resources
from tests.support.stack import Database, kernel, new_database

EVENTS = Path(__file__).parents[1] / "events"
LISTS = {
    "census": "persons",
    "configurations": "configuration-items",
    "locations": "location-types",
    "projects": "projects",
    "assets": "assets",
    "education": "schools",
}
OTHERS = {
    "health": "system",
    "signin": "system",
    "set-administrator-password": "migrations",
    "expire-sessions": "housekeeping",
}

type Invoke = Callable[..., Any]


@pytest.fixture(scope="module")
def migrated(server: Postgres) -> Database:
    return new_database(server, "events")


@pytest.fixture
def invoke(migrated: Database) -> Invoke:
    def invoke(
        module: str, event: str, variables: Mapping[str, str] | None = None, **words: str
    ) -> Any:
        text = (EVENTS / f"{event}.json").read_text()
        for placeholder, value in words.items():
            text = text.replace(placeholder, value)
        context = SimpleNamespace(
            function_name=module, get_remaining_time_in_millis=lambda: 29_000, aws_request_id="1"
        )
        with kernel(**(variables or migrated.variables(migrated.app_url))):
            return importlib.import_module(f"{module}.app").handler(json.loads(text), context)

    return invoke


def sign_in(invoke: Invoke, database: Database) -> dict[str, Any]:
    email = database.admin_email.replace("@", "%40")
    words = {"administrator%40nexus.example": email, "PASSWORD": database.admin_password}
    answer: dict[str, Any] = invoke("system", "signin", **words)
    return answer


def test_each_function_has_an_event_and_each_event_is_sent_here() -> None:
    handlers = {
        function["Properties"]["Handler"].partition(".")[0]
        for function in resources("AWS::Serverless::Function").values()
    }
    assert {*LISTS, *OTHERS.values()} == handlers >= set(MODULES)
    assert {path.stem for path in EVENTS.glob("*.json")} == {*LISTS.values(), *OTHERS}


def test_health(invoke: Invoke) -> None:
    assert invoke("system", "health")["statusCode"] == 200


def test_signin(invoke: Invoke, migrated: Database) -> None:
    answer = sign_in(invoke, migrated)
    assert answer["statusCode"] == 200, answer["body"]
    assert json.loads(answer["body"])["token_type"] == "bearer"


@pytest.mark.parametrize(("module", "event"), LISTS.items())
def test_lists(module: str, event: str, invoke: Invoke, migrated: Database) -> None:
    token = json.loads(sign_in(invoke, migrated)["body"])["access_token"]
    answer = invoke(module, event, TOKEN=token)
    assert answer["statusCode"] == 200, answer["body"]
    assert "items" in json.loads(answer["body"])


def test_set_administrator_password(invoke: Invoke, migrated: Database) -> None:
    answer = invoke("migrations", "set-administrator-password", migrated.masters_variables())
    assert answer["status"] == "SUCCESS", answer


def test_expire_sessions(invoke: Invoke, migrated: Database) -> None:
    done = invoke("housekeeping", "expire-sessions", migrated.variables(migrated.superuser_url))
    assert done["finished"] is True
