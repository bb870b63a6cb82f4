"""What every answer of the API has, whatever was asked: checked on each one the tests receive."""

import re
from typing import Any

import httpx

from tests.support.documented import COMPONENTS, differences, operation_of

PROBLEM_TYPE = re.compile(r"^(https?://[^/]+)?/problems/[a-z0-9]+(-[a-z0-9]+)*$")
KEPT = ("/openapi.json", "/docs")  # the same for everybody
SOMETIMES = {"Link", "Idempotent-Replayed"}  # of the headers that the document has of a response
LEAK = re.compile(r"(?i)traceback|sqlalchemy|pg8000|nexus_app|select .+ from |insert into|\.py\b")


def check_envelope(response: httpx.Response) -> None:
    response.read()
    headers = response.headers
    assert headers.get("x-request-id"), told(response, "no X-Request-Id")
    is_kept = response.request.url.path in KEPT and response.status_code in (200, 304)
    wanted = "public, max-age=300" if is_kept else "no-store"
    assert headers.get("cache-control") == wanted, told(response, f"no Cache-Control: {wanted}")
    assert headers.get("x-content-type-options") == "nosniff", told(response, "no nosniff")
    assert "max-age=" in headers.get("strict-transport-security", ""), told(response, "no HSTS")
    operation = operation_of(response.request)
    if operation:
        check_documented(response, operation["responses"])
    if response.status_code >= 400 and response.request.method != "HEAD":
        check_problem(response)


def check_documented(response: httpx.Response, responses: dict[str, Any]) -> None:
    """The document has the status, the headers, and what is answered."""
    documented = responses.get(str(response.status_code))
    assert documented, told(response, "undocumented")
    sent = {name for name in COMPONENTS["headers"] if name in response.headers}
    assert sent <= documented["headers"].keys(), told(response, f"undocumented: {sent}")
    is_expanded = "expand" in response.request.url.params  # by no version of its own
    lacking = documented["headers"].keys() - sent - SOMETIMES - ({"ETag"} if is_expanded else set())
    assert not lacking, told(response, f"not sent: {lacking}")
    content = documented.get("content", {})
    if response.status_code >= 400:
        kinds = content["application/problem+json"]["examples"]
        kind = response.json()["type"].removeprefix("/problems/")
        assert kind in kinds, told(response, "undocumented")
    elif content and response.content:
        media_type = response.headers["content-type"].partition(";")[0]
        assert media_type in content, told(response, f"undocumented: {media_type}")
        if media_type == "application/json":
            is_whole = "fields" not in response.request.url.params
            found = differences(response.json(), documented, is_whole=is_whole)
            assert not found, told(response, str(found))


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
