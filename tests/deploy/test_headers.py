"""Headers through Lambda: what came in two lines is seen as two."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from system.app import handler
from tests.support.stack import Database, kernel

HEADERS = {"Host": "api.example", "Authorization": "Bearer x", "Content-Type": "application/json"}


@pytest.fixture(autouse=True)
def settings(database: Database) -> Iterator[None]:
    with kernel(**database.variables(database.app_url)):
        yield


def create_group(**more: list[str]) -> Any:
    given = {**{name: [value] for name, value in HEADERS.items()}, **more}
    event = {
        "resource": "/groups", "path": "/groups", "httpMethod": "POST", "body": "{}",
        "headers": {name: values[-1] for name, values in given.items()},
        "multiValueHeaders": given, "multiValueQueryStringParameters": None,
        "requestContext": {"path": "/v1/groups", "requestId": "r-1", "identity": {}},
    }  # fmt: skip
    answer = handler(event, None)
    return answer["statusCode"], json.loads(answer["body"])["detail"]


@pytest.mark.parametrize(
    "name", ["Authorization", "Content-Type", "X-Tenant-Id", "Idempotency-Key"]
)
def test_one_that_is_meant_once_is_given_once(name: str) -> None:
    refusal = f"The header {name} is given twice: send one."
    assert create_group(**{name: ["a", "a"]}) == (400, refusal)


def test_others_may_come_as_often_as_they_like() -> None:
    status, detail = create_group(**{"X-Forwarded-For": ["10.0.0.1", "10.0.0.2"]})
    assert (status, detail) == (401, "Sign in at POST /me/signin and send its token.")
