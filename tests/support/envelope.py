"""What every answer of the API has, whatever was asked: checked on each one the tests receive."""

import re
from typing import Any

import httpx

from tests.support.documented import documented_statuses

PROBLEM_TYPE = re.compile(r"^(https?://[^/]+)?/problems/[a-z0-9]+(-[a-z0-9]+)*$")
LEAK = re.compile(r"(?i)traceback|sqlalchemy|pg8000|nexus_app|select .+ from |insert into|\.py\b")


def check_envelope(response: httpx.Response) -> None:
    response.read()
    headers = response.headers
    assert headers.get("x-request-id"), told(response, "no X-Request-Id")
    assert headers.get("cache-control") == "no-store", told(response, "no Cache-Control: no-store")
    assert headers.get("x-content-type-options") == "nosniff", told(response, "no nosniff")
    assert "max-age=" in headers.get("strict-transport-security", ""), told(response, "no HSTS")
    statuses = documented_statuses(response.request)
    assert statuses is None or response.status_code in statuses, told(response, "undocumented")
    if response.status_code >= 400 and response.request.method != "HEAD":
        check_problem(response)


def check_problem(response: httpx.Response) -> None:
    assert response.headers["content-type"].startswith("application/problem+json"), told(response)
    problem = response.json()
    assert PROBLEM_TYPE.match(problem["type"]), told(response, "type is no slug URI")
    assert problem["status"] == response.status_code, told(response)
    assert problem["title"], told(response)
    assert problem["detail"], told(response)
    assert response.headers["x-request-id"] in problem["instance"], told(response)
    assert not LEAK.search(response.text), told(response, "tells what is inside")
    for error in problem.get("errors", []):
        check_field_error(error)
    if response.status_code == 401:
        assert response.headers["www-authenticate"].startswith("Bearer"), told(response)
    if response.status_code in {429, 503}:
        assert int(response.headers["retry-after"]) >= 1, told(response)


def check_field_error(error: dict[str, Any]) -> None:
    assert error["pointer"] == "" or error["pointer"].startswith("/"), error
    assert error["message"], error


def told(response: httpx.Response, why: str = "") -> str:
    asked = f"{response.request.method} {response.request.url}"
    return f"{why}: {asked} -> {response.status_code} {response.text[:800]}"
