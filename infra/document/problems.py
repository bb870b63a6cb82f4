"""The problems that operations answer with."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import yaml

from infra.document.parameters import (
    Json,
    callers,
    header_references,
    is_signed_in,
    named_enum,
)
from infra.document.words import Wordless, words_of
from infra.gateway import GatewayFailed, Throttled
from infra.rights import Right, rights
from nexus import problems
from nexus.http import auth
from nexus.http.openapi import DocumentedRoute
from nexus.problems import MEDIA_TYPE, Problem, problem_types

EXAMPLES = yaml.safe_load((Path(__file__).parent / "words" / "problems.yaml").read_text())
REQUEST_ID = "01JZ8Q4W3M8VJ2T9S6R5K1E7XA"
# What a status means whatever its types.
STATUSES = {
    400: "Malformed, or a parameter is unknown or out of its range",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    408: "The body did not come in time",
    409: "The state of things forbids it",
    412: "The record has changed since",
    413: "The body is over 1 MiB",
    415: "The body's media type is not read here",
    422: "Members are missing, unknown or of the wrong form",
    429: "It was done as often as it may be for now",
    500: "A bug, logged under the request id",
    503: "The database cannot serve this now, or the request took too long",
}
SCHEMA: Json = {
    "title": "Problem",
    "description": "RFC 9457.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"$ref": "#/components/schemas/ProblemType"},
        "title": {"type": "string", "description": "The same for all of the type"},
        "status": {"type": "integer", "description": "The answer's status"},
        "detail": {"type": "string", "description": "What is wrong here, and what to do"},
        "instance": {"type": "string", "description": "The request id, also in `X-Request-Id`"},
        "errors": {
            "type": "array",
            "description": "What is wrong with members or parameters",
            "items": {"$ref": "#/components/schemas/ProblemError"},
        },
        "state": {"type": "string", "description": "Where the record is, after a wrong move"},
        "allowed": {
            "type": "array",
            "description": "What would be taken: parameters, values, moves from the state",
            "items": {"type": "string"},
        },
        "version": {"type": "integer", "description": "The record's now, after a stale If-Match"},
        "conflicts": {
            "type": "array",
            "description": "What stands in the way",
            "items": {"$ref": "#/components/schemas/ProblemConflict"},
        },
        "limit": {"type": "integer", "description": "How many there may be"},
        "available": {"type": "integer", "description": "How many are left to issue"},
    },
    "additionalProperties": True,
}
ERROR: Json = {
    "title": "ProblemError",
    "type": "object",
    "required": ["pointer", "message"],
    "properties": {
        "pointer": {
            "type": "string",
            "description": "A JSON pointer into the body, or a parameter's name behind a slash",
        },
        "message": {"type": "string"},
    },
}
CONFLICT: Json = {
    "title": "ProblemConflict",
    "type": "object",
    "properties": {
        "resource": {"type": "string", "description": "What kind of records"},
        "count": {"type": "integer", "description": "How many"},
    },
    "additionalProperties": True,
}


def known() -> Mapping[str, type[Problem]]:
    """Every type that an answer can name, by its slug, in the order of statuses."""
    found = {slug(kind): kind for kind in problem_types()}
    return dict(sorted(found.items(), key=lambda pair: (pair[1].status, pair[0])))


def slug(kind: type[Problem]) -> str:
    return kind.type().removeprefix("/problems/")


def documented() -> Iterator[Json]:
    for kind in known().values():
        yield {"type": kind.type(), "status": kind.status, "title": kind.title()}


def schemas() -> dict[str, Json]:
    return {
        "Problem": SCHEMA,
        "ProblemType": named_enum({kind.type(): slug(kind) for kind in known().values()})
        | {"title": "ProblemType"},
        "ProblemError": ERROR,
        "ProblemConflict": CONFLICT,
    }


def general(route: DocumentedRoute, parameters: Collection[str]) -> Iterator[type[Problem]]:
    """What follows from an operation's form: its parameters, its body, who may call it."""
    method, told = min(route.methods or ()), route.told
    # The gateway's own are possible everywhere.
    yield from (problems.MalformedRequest, problems.InvalidParameter, problems.InternalError)
    yield from (Throttled, GatewayFailed)
    if is_signed_in(route) or auth.anyone in callers(route):
        yield from (problems.Unavailable, problems.DeadlineExceeded)
    if told.is_page and told.resource:
        yield from (problems.InvalidCursor, problems.AnswerTooLarge)
        if told.resource.checked_filters():
            yield problems.ValidationFailed
    if is_signed_in(route):
        yield from (problems.NotAuthenticated, problems.NotFound)
    yield from _of_rights(method, route.path, parameters)
    if "If-Match" in parameters:
        yield problems.Stale
    if "Idempotency-Key" in parameters:
        yield from (problems.IdempotencyKeyReused, problems.RequestInFlight)
    if method != "GET":
        yield from (
            problems.RequestTimeout, problems.BodyTooLarge, problems.UnsupportedMediaType,
        )  # fmt: skip
    if route.body_field is not None:
        yield problems.ValidationFailed


def _of_rights(method: str, path: str, parameters: Collection[str]) -> Iterator[type[Problem]]:
    right = rights()[method, path]
    if right is Right.ADMINISTRATOR:
        yield problems.NotAllowed
    is_of_tenant = right in (Right.MEMBER, Right.ADMINISTRATOR) and "X-Tenant-Id" in parameters
    if not is_of_tenant or path == "/me/current-tenant":
        return
    yield problems.NoTenantSelected
    # In an archived tenant nothing is changed; what a session selects is none of its records.
    if method != "GET" and path != "/me/current-project":
        yield problems.RecordArchived


def responses(route: DocumentedRoute, parameters: Collection[str]) -> dict[str, Json]:
    """By status, each with an example of each of its types."""
    types = {slug(kind) for kind in general(route, parameters)}
    own = set(words_of(str(route.operation_id)).problems)
    if known_already := types & own:
        raise Wordless(f"{route.operation_id} has {', '.join(sorted(known_already))} by its form")
    types |= own
    by_status: dict[int, list[str]] = {}
    for name, kind in known().items():
        if name in types:
            by_status.setdefault(kind.status, []).append(name)
    if unknown := types - known().keys():
        raise Wordless(f"{route.operation_id}: there is no problem {', '.join(sorted(unknown))}")
    return {str(status): _response(status, names) for status, names in by_status.items()}


def _response(status: int, names: list[str]) -> Json:
    examples = {name: {"$ref": f"#/components/examples/{name}"} for name in names}
    more = {401: ["WWW-Authenticate"], 429: ["Retry-After"], 503: ["Retry-After"]}
    headers = header_references(["X-Request-Id", *more.get(status, ())])
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {MEDIA_TYPE: {"schema": schema, "examples": examples}}
    return {"description": STATUSES[status], "headers": headers, "content": content}


def examples() -> Iterator[tuple[str, Json]]:
    """By slug, as requests were answered with them."""
    if others := known().keys() ^ EXAMPLES.keys():
        raise Wordless(f"problems.yaml lacks, or has too much: {', '.join(sorted(others))}")
    for name, kind in known().items():
        told = {"type": kind.type(), "title": kind.title(), "status": kind.status}
        yield name, {"value": {**told, "instance": REQUEST_ID, **EXAMPLES[name]}}
