"""The operations of one module, and the schemas that they name."""

from collections.abc import Mapping

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.utils import create_model_field

from infra.document import problems, words
from infra.document.parameters import Json, has_tag, header_references, is_signed_in, parameters
from infra.document.schemas import REF, Models, partial, tidied
from nexus.http import auth
from nexus.http.openapi import DocumentedRoute

type Schemas = dict[str, Json]

JSON = "application/json"
PATCH = "application/merge-patch+json"
BEARER = auth.bearer.scheme_name
SUCCESSES = {200: "OK", 201: "Created", 204: "No content"}
HEADERS: Mapping[str, str] = {
    "X-Request-Id": "The one that the request came with, else one made for it.",
    "ETag": "The record's version, for If-Match and If-None-Match. None with `expand`.",
    "Location": "Where the new record is.",
    "Link": 'The next page: `<…>; rel="next"`. The last page has none.',
    "Idempotent-Replayed": "`true`: what the first request with this Idempotency-Key was answered.",
    "Retry-After": "Seconds to wait.",
    "WWW-Authenticate": "`Bearer`: sign in at POST /me/signin.",
}


def operations(app: FastAPI) -> tuple[dict[str, dict[str, Json]], Schemas]:
    """By path and method, and the schemas by name."""
    routes = [route for route in app.routes if isinstance(route, DocumentedRoute)]
    models = Models(app)
    for route in routes:
        route.response_model = models.answer(route.told)
        if route.response_model is not None:
            route.response_field = create_model_field(
                f"Response_{route.unique_id}", route.response_model, mode="serialization"
            )
    made = get_openapi(title=app.title, version=app.version, routes=app.routes)
    schemas = tidied(made.get("components", {}).get("schemas", {}))
    paths: dict[str, dict[str, Json]] = {}
    for route in routes:
        if route.include_in_schema:
            method = min(route.methods or ()).lower()
            base = made["paths"][route.path][method]
            paths.setdefault(route.path, {})[method] = _operation(route, method, base, schemas)
    return paths, schemas


def _operation(route: DocumentedRoute, method: str, base: Json, schemas: Schemas) -> Json:
    operation_id = str(route.operation_id)
    taken = parameters(route)
    made: Json = {
        "tags": [words.tag_of(operation_id).name],
        "summary": words.summary(operation_id),
        "description": words.description(operation_id, method.upper(), route.path),
        "operationId": operation_id,
    }
    if taken:
        made["parameters"] = taken
    if "requestBody" in base:
        made["requestBody"] = _body(base["requestBody"], method, operation_id)
    names = [one["name"] for one in taken]
    success = _success(route, method, names, base, schemas)
    made["responses"] = success | problems.responses(route, names)
    if not is_signed_in(route):
        made["security"] = []
    return made


def _body(base: Json, method: str, operation_id: str) -> Json:
    """Both media types of a merge patch are read alike."""
    (media_type,) = base["content"]
    told: Json = {"schema": _by_name(base["content"][media_type]["schema"])}
    if bodies := words.examples().bodies(operation_id):
        told["examples"] = {name: {"value": body} for name, body in bodies.items()}
    content = {media_type: told}
    if method == "patch":
        content[PATCH] = content[media_type]
    return {"required": base.get("required", False), "content": content}


def _by_name(schema: Json) -> Json:
    return {"$ref": schema["$ref"]} if "$ref" in schema else schema


def _success(
    route: DocumentedRoute, method: str, names: list[str], base: Json, schemas: Schemas
) -> dict[str, Json]:
    status = str(route.status_code or 200)
    made: Json = {"description": SUCCESSES[int(status)], "headers": _headers(route, method, status)}
    content = base["responses"][status].get("content", {})
    if route.response_model is not None:
        schema = content[JSON]["schema"]
        name = schema["$ref"].removeprefix(REF)
        if "fields" in names:
            schema = {"anyOf": [{"$ref": schema["$ref"]}, {"$ref": REF + partial(schemas, name)}]}
        made["content"] = content | {JSON: {"schema": _by_name(schema)}}
    elif status != "204":
        (media_type,) = content
        kind = {"type": "object"} if media_type == JSON else {"type": "string"}
        made["content"] = {media_type: {"schema": kind}}
    known = {
        "description": "The caller has this version",
        "headers": _headers(route, method, "304"),
    }
    return {status: made} | ({"304": known} if "If-None-Match" in names else {})


def _headers(route: DocumentedRoute, method: str, status: str) -> Json:
    names = ["X-Request-Id"]
    if has_tag(route.told) if method == "get" else _is_versioned(route):
        names.append("ETag")
    if status == "201":
        names.append("Location")
    if route.told.is_page and route.told.resource:
        names.append("Link")
    if method == "post":
        names.append("Idempotent-Replayed")
    return header_references(names)


def _is_versioned(route: DocumentedRoute) -> bool:
    """Whether the answer is a single record that has a version."""
    read = route.told.read
    return read is not None and not route.told.is_page and "version" in read.model_fields
