"""What routes return: records, pages, nothing; made JSON in one pass."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from pydantic_core import to_json
from starlette.responses import Response

from nexus.records.query import Page
from nexus.records.reading import etag

JSON = "application/json"


def base_url(request: Request) -> str:
    """Where the API begins for this caller, a stage or a custom domain's path included."""
    prefix: str = request.scope.get("aws.event", {}).get("prefix", "")
    return f"{request.url.scheme}://{request.url.netloc}{prefix}"


def record(
    request: Request,
    row: Mapping[str, Any],
    status: int = 200,
    location: str | None = None,
    *,
    of: str = "",
) -> Response:
    """A single record with its ETag (`of` as in `etag`); 304 when the caller has it already."""
    tag = etag(row["version"], of)
    known = _tags(request.headers.get("if-none-match", ""))
    # What is embedded has versions of its own.
    is_alone = request.method == "GET" and "expand" not in request.query_params
    if is_alone and known & {tag, "*"}:
        return Response(status_code=304, headers={"ETag": tag})
    shown = {n: v for n, v in row.items() if n != "version"} if _hides_version(request) else row
    response = value(shown, status)
    response.headers["ETag"] = tag
    if location:
        response.headers["Location"] = base_url(request) + location
    return response


def value(content: Any, status: int = 200) -> Response:
    return Response(to_json(content), status, media_type=JSON)


def page(request: Request, found: Page) -> Response:
    body: dict[str, Any] = {"items": found.items, "next": found.next}
    if found.total is not None:
        body["total"] = found.total
    response = value(body)
    if found.next:
        query = [(k, v) for k, v in request.query_params.multi_items() if k != "cursor"]
        link = (
            f"{base_url(request)}{request.url.path}?{urlencode([*query, ('cursor', found.next)])}"
        )
        response.headers["Link"] = f'<{link}>; rel="next"'
    return response


def nothing() -> Response:
    return Response(status_code=204)


def _hides_version(request: Request) -> bool:
    """The version is read for the ETag even where it was not asked for."""
    names = {name for name in request.query_params.get("fields", "").split(",") if name}
    return request.method == "GET" and bool(names) and "version" not in names


def _tags(header: str) -> set[str]:
    # If-None-Match compares weakly (RFC 9110, 13.1.2).
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}
