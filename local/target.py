"""The head of an HTTP request as an ASGI scope."""

import re
from typing import Any
from urllib.parse import unquote

import h11
from starlette.types import Scope

from nexus.problems import MalformedRequest

# RFC 9112, 3.2: the origin form, and the absolute form, which a proxy is asked with.
TARGET = re.compile(rb"(?:https?://([^/?#@]+))?(/[^?]*|(?=\?|$))(?:\?(.*))?", re.IGNORECASE)


def scope_of(event: h11.Request, client: tuple[str, int], server: tuple[str, int]) -> Scope:
    """Raises MalformedRequest for a target that names nothing here."""
    match = TARGET.fullmatch(event.target)
    if not match or not (match[1] or match[2]):
        raise MalformedRequest("The request's target is neither a path nor an http URL.")
    raw_path = match[2] or b"/"
    return nowhere(client, server) | {
        "http_version": event.http_version.decode(),
        "method": event.method.decode(),
        "path": unquote(raw_path.decode()),
        "raw_path": raw_path,
        "query_string": match[3] or b"",
        "headers": _headers(event, match[1]),
    }


def nowhere(client: tuple[str, int], server: tuple[str, int]) -> dict[str, Any]:
    """The scope of a request whose head cannot be read."""
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "root_path": "",
        "headers": [],
        "client": client,
        "server": server,
    }


def _headers(event: h11.Request, authority: bytes | None) -> list[tuple[bytes, bytes]]:
    """As they came, duplicates too; the target's host goes before the header's."""
    if authority is None:
        return list(event.headers)
    return [(b"host", authority), *(pair for pair in event.headers if pair[0] != b"host")]
