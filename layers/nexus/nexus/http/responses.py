"""What routes return: records, pages, nothing; made JSON in one pass."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from fastapi import Request
from pydantic_core import to_json
from starlette.responses import Response

from nexus.http import openapi
from nexus.records.etags import ANY, etag, read_tags
from nexus.records.query import NO_PARAMS, Page, Params, parse_query
from nexus.records.reading import Records

JSON = "application/json"
READS = ("GET", "HEAD")
LONGEST_LINK = 8 * 1024  # more than proxies commonly take in all headers together


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
    is_of_id: bool = False,
) -> Response:
    """A single record with its ETag, if it has a version; 304 when the caller has it already. With
    `is_of_id` the tag names the record, for where the path leads to another one later."""
    params = parse_query(request.scope["query_string"]) if request.method == "GET" else NO_PARAMS
    # What is embedded has versions of its own, so the whole has no tag.
    is_tagged = "version" in row and "expand" not in params
    tag = {"ETag": etag(row, row["id"] if is_of_id else "")} if is_tagged else {}
    if tag and is_known(request, tag["ETag"]):
        return Response(status_code=304, headers=tag)
    response = value(_shown(row, params), status)
    response.headers.update(tag)
    if location:
        response.headers["Location"] = base_url(request) + location
    return response


def value(content: Any, status: int = 200) -> Response:
    return Response(to_json(content), status, media_type=JSON)


def page(request: Request, found: Page, path: str = "") -> Response:
    """A page of the list at the request's path, or at another one."""
    cursor, total = to_json(found.next), to_json(found.total)
    count = b"" if found.total is None else b',"total":' + total
    others = b"," + to_json(found.members)[1:-1] if found.members else b""
    body = b'{"items":' + found.items + b',"next":' + cursor + count + others + b"}"
    response = Response(body, media_type=JSON)
    if found.next:
        asked = request.scope["query_string"].decode("latin-1").split("&")
        kept = [part for part in asked if part and unquote(part.partition("=")[0]) != "cursor"]
        query = "&".join([*kept, f"cursor={found.next}"]).replace(">", "%3E")
        link = f'<{base_url(request)}{path or request.url.path}?{query}>; rel="next"'
        if len(link) <= LONGEST_LINK:
            response.headers["Link"] = link
    return response


def location(service: type[Records], row: Mapping[str, Any], request: Request) -> str:
    """Where a record is found: its own path, or a list that holds it."""
    own = {openapi.parameter(service.path): row["id"]}
    place = service.location or service.path
    return place.format_map({**request.path_params, **row, **own})


def nothing() -> Response:
    return Response(status_code=204)


def _shown(row: Mapping[str, Any], params: Params) -> Mapping[str, Any]:
    """What the ETag is made of is read even where it was not asked for."""
    names = {name for parts in params.get("fields", ()) for name in parts if name}
    hidden = {"version", "id"} - names if names else set()
    return {n: v for n, v in row.items() if n not in hidden} if hidden else row


def is_known(request: Request, tag: str) -> bool:
    """Whether the caller asks for what it has. If-None-Match that is no list of tags names none."""
    given = request.headers.getlist("if-none-match")
    try:
        known = read_tags(",".join(given)) if given and request.method in READS else ()
    except ValueError:
        return False
    return not {tag, ANY}.isdisjoint(known)
