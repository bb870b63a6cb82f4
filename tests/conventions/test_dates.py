"""Dates and times in bodies are texts of RFC 3339, and no number that could be meant for one."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.responses import Response

from nexus.app import create_app
from nexus.aws.handler import lambda_handler
from nexus.http import responses
from nexus.http.auth import Nobody
from nexus.http.routing import resource_router
from nexus.records.schemas import Body, Date, Timestamp, unset
from tests.support.stack import Database, kernel

type Answer = Callable[[dict[str, Any]], tuple[int, dict[str, Any]]]

JSON = {"Content-Type": "application/json"}


class Planned(Body):
    starts_on: Date | None = unset()
    due_at: Timestamp | None = unset()


@pytest.fixture(scope="module")
def plan(database: Database) -> Iterator[Answer]:
    router = resource_router()

    @router.post("/plans", operation_id="plans", dependencies=[Nobody])
    async def make_plan(body: Planned) -> Response:
        return responses.value(body.model_dump(exclude_unset=True))

    handler = lambda_handler(create_app("plans", router))

    def answer(body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        event = {
            "resource": "/plans", "path": "/plans", "httpMethod": "POST", "body": json.dumps(body),
            "headers": JSON, "multiValueHeaders": {name: [JSON[name]] for name in JSON},
            "requestContext": {"path": "/plans", "requestId": "r-1", "identity": {}},
        }  # fmt: skip
        answered = handler(event, None)
        return answered["statusCode"], json.loads(answered["body"])

    with kernel(**database.variables(database.app_url)):
        yield answer


@pytest.mark.parametrize(
    ("member", "sent", "read"),
    [
        ("starts_on", "2028-02-29", "2028-02-29"),
        ("starts_on", None, None),
        ("due_at", "2027-01-31T12:00:00Z", "2027-01-31T12:00:00Z"),
        ("due_at", "2027-01-31t12:00:00.5+01:00", "2027-01-31T11:00:00.500000Z"),
        ("due_at", "2027-01-31T12:00:00-0130", "2027-01-31T13:30:00Z"),
    ],
)
def test_a_text_is_read(plan: Answer, member: str, sent: Any, read: Any) -> None:
    assert plan({member: sent}) == (200, {member: read})


@pytest.mark.parametrize(
    "sent", ["", "2027-02-29", "20270131", "1801440000", "2027", "now", 1, 1.5]
)
@pytest.mark.parametrize("member", ["starts_on", "due_at"])
def test_anything_else_is_refused(plan: Answer, member: str, sent: Any) -> None:
    status, problem = plan({member: sent})
    assert (status, problem["errors"][0]["pointer"]) == (422, f"/{member}")


@pytest.mark.parametrize(
    ("member", "sent"),
    [
        ("starts_on", "2027-01-31T00:00:00Z"),
        ("due_at", "2027-01-31"),
        ("due_at", "2027-01-31T12:00:00"),
        ("due_at", "2027-01-31T25:00:00Z"),
        ("due_at", True),
    ],
)
def test_neither_is_the_other(plan: Answer, member: str, sent: Any) -> None:
    assert plan({member: sent})[0] == 422
