"""What is too large for Lambda goes compressed, or is a problem that says how to ask for less."""

import base64
import gzip
import json
import random
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest

from nexus.app import create_app
from nexus.aws.handler import lambda_handler
from nexus.aws.payload import LIMIT
from nexus.http import responses
from nexus.http.auth import Nobody
from nexus.http.routing import resource_router
from tests.support.stack import Database, kernel

WORDS = ("Room", "Floor", "Building", '"quoted"')
AS_BROWSERS_DO = {"Accept": "*/*", "Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture(autouse=True)
def settings(database: Database) -> Iterator[None]:
    with kernel(**database.variables(database.app_url)):
        yield


@lru_cache
def words(size: int) -> str:
    chance = random.Random(1)
    return " ".join(chance.choice(WORDS) + str(chance.random()) for _ in range(size // 25))


def ask(size: int, **headers: str) -> dict[str, Any]:
    router = resource_router()

    @router.get("/words", operation_id="words", dependencies=[Nobody])
    async def get_words() -> Any:
        return responses.value(words(size))

    event = {
        "resource": "/words", "path": "/words", "httpMethod": "GET", "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "requestContext": {"path": "/words", "requestId": "r-1", "identity": {}},
    }  # fmt: skip
    return lambda_handler(create_app("words", router))(event, None)


def test_what_is_large_goes_compressed() -> None:
    answer = ask(LIMIT, **AS_BROWSERS_DO)
    assert (answer["statusCode"], answer["headers"]["content-encoding"]) == (200, "gzip")
    assert answer["isBase64Encoded"]
    assert json.loads(gzip.decompress(base64.b64decode(answer["body"]))) == words(LIMIT)


def test_what_is_small_goes_as_it_is() -> None:
    answer = ask(1_000, **AS_BROWSERS_DO)
    assert "content-encoding" not in answer["headers"]
    assert json.loads(answer["body"]) == words(1_000)


@pytest.mark.parametrize(
    "headers",
    [{"Accept": "*/*"}, {"Accept-Encoding": "gzip"}, {}],
    ids=["takes nothing compressed", "the gateway would not decode it", "says nothing"],
)
def test_who_cannot_have_it_is_told_how_to(headers: dict[str, str]) -> None:
    answer = ask(LIMIT, **headers)
    problem = json.loads(answer["body"])
    assert (answer["statusCode"], problem["type"]) == (400, "/problems/answer-too-large")
    assert answer["headers"]["content-type"] == "application/problem+json"
    assert "gzip" in problem["detail"]
    assert problem["instance"] == answer["headers"]["x-request-id"] == "r-1"


def test_what_fits_as_it_is_needs_no_compression() -> None:
    answer = ask(LIMIT // 2, **{"Accept-Encoding": "gzip"})
    assert json.loads(answer["body"]) == words(LIMIT // 2)
