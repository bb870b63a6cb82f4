"""What the routes tell the OpenAPI document: ids, parameters, answers, problems."""

from functools import lru_cache
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, Field, TypeAdapter, create_model

from nexus.problems import MEDIA_TYPE
from nexus.records.fields import is_filterable, plain_type
from nexus.records.reading import Records
from nexus.records.schemas import ULID_PATTERN, Read

HEADERS = {
    "If-Match": "The ETag of the version that may be changed; 412 if it is another by now.",
    "If-None-Match": "The ETag of the version that the caller has; 304 if it is still that.",
    "Idempotency-Key": "Makes a retry within 24 hours safe: it gets what the first was granted.",
}
LIST_PARAMETERS: dict[str, tuple[str, dict[str, Any]]] = {
    "limit": ("Records a page.", {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}),
    "cursor": ("`next` of the page before.", {"type": "string"}),
    "count": ("Adds `total`.", {"type": "boolean", "default": False}),
    "sort": ("Fields, comma separated, `-` for descending.", {"type": "string"}),
    "fields": ("Just these, comma separated: no others, required or not.", {"type": "string"}),
    "expand": ("Embeds references, named without `_id`.", {"type": "string"}),
    "q": ("Searches the texts, ignoring case and accents.", {"type": "string", "maxLength": 200}),
    "archived": ("", {"enum": ["false", "true", "any"], "default": "false"}),
    "scope": ("The tenant's own records, the shared ones, or all.",
              {"enum": ["all", "own", "shared"], "default": "all"}),
}  # fmt: skip
ERROR_MESSAGES = {
    400: "Malformed, or an unknown parameter",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    409: "The state of things forbids it",
    412: "The record has changed since",
    413: "The body is over 1 MiB",
    415: "The body's media type is not read here",
    422: "Members are missing, unknown or of the wrong form",
    429: "Too many attempts failed",
    500: "A bug, logged under the request id",
    503: "The database cannot be reached, or the request took too long",
}
READS = (400, 401, 403, 404, 409, 422, 500, 503)
WRITES = (400, 401, 403, 404, 409, 412, 413, 415, 422, 429, 500, 503)
PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}


class ProblemDocument(BaseModel):
    """RFC 9457."""

    type: str = Field(examples=["/problems/not-found"])
    title: str
    status: int
    detail: str
    instance: str = Field(description="The request id")
    errors: list[dict[str, str]] | None = None
    allowed: list[str] | None = None
    conflicts: list[dict[str, Any]] | None = None


def parameter(path: str) -> str:
    """`group_id` of `/groups/{group_id}`."""
    return path.rpartition("{")[2].rstrip("}")


def operation(
    path: str, verb: str, read: type[BaseModel] | None = None, resource: type[Records] | None = None
) -> dict[str, Any]:
    """Options of a route. `verb` is one of the path's first noun, or a whole `noun.verb`. With
    `resource` it reads a single record, which has an ETag."""
    noun = path.strip("/").split("/")[0]
    operation_id = verb if "." in verb else f"{noun}.{verb}"
    said = " ".join(reversed(operation_id.split("."))).replace("-", " ").replace("_", " ")
    extra = []
    if resource:
        extra = [listed_parameter(name) for name in resource.own_parameters()]
        extra.append(_header("If-None-Match"))
    return {
        "operation_id": operation_id.replace("-", "_"),
        "summary": said.capitalize(),
        "response_model": read,
        "openapi_extra": {"parameters": _path_parameters(path) + extra},
    }


def listed(path: str, resource: type[Records], verb: str = "list") -> dict[str, Any]:
    """Options of a route that lists."""
    options = operation(path, verb, page_of(resource.read))
    options["openapi_extra"]["parameters"] += list_parameters(resource)
    return options


@lru_cache
def page_of(read: type[Read]) -> type[BaseModel]:
    name = read.__name__.removesuffix("Read") + "Page"
    return create_model(
        name,
        items=(list[read], ...),  # type: ignore[valid-type]
        next=(str | None, Field(description="The cursor of the next page")),
        total=(int | None, Field(default=None, description="With `?count=true`")),
    )


def list_parameters(resource: type[Records]) -> list[dict[str, Any]]:
    members = resource.read.model_fields.items()
    own = [_filter(name, m.annotation) for name, m in members if _is_filterable(resource, name)]
    return [listed_parameter(name) for name in resource.parameters()] + own


def _filter(name: str, annotation: Any) -> dict[str, Any]:
    hint = f"Any of these. Also `{name}__ne`, `__in`, `__isnull` and, by type, `__gte` …"
    items = TypeAdapter(plain_type(annotation)).json_schema()
    return _query(name, hint, {"type": "array", "items": items}) | {"explode": False}


def _is_filterable(resource: type[Records], name: str) -> bool:
    column = resource.table.c.get(name)
    return column is None or is_filterable(column)  # None: it is computed


def listed_parameter(name: str) -> dict[str, Any]:
    return _query(name, *LIST_PARAMETERS[name])


def _query(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "schema": schema,
        "description": description,
    }


def _path_parameters(path: str) -> list[dict[str, Any]]:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    schema = {"type": "string", "pattern": ULID_PATTERN}
    return [{"name": n, "in": "path", "required": True, "schema": schema} for n in names]


def responses(options: dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    """Every status besides success that a route's method can answer."""
    is_read = "GET" in (options.get("methods") or ())
    told: dict[int | str, dict[str, Any]] = {
        status: {"description": ERROR_MESSAGES[status], "content": PROBLEM}
        for status in (READS if is_read else WRITES)
    }
    has_etag = _header("If-None-Match") in (options.get("openapi_extra") or {}).get(
        "parameters", ()
    )
    return told | ({304: {"description": "The caller has this version"}} if has_etag else {})


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of one module."""
    made = get_openapi(title=app.title, version=app.version, routes=app.routes)
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = ProblemDocument.model_json_schema(by_alias=True)
    for operations in made["paths"].values():
        for method, described in operations.items():
            described.setdefault("parameters", []).extend(_header_parameters(method))
    return made


def _header_parameters(method: str) -> list[dict[str, Any]]:
    names = {"get": [], "post": ["Idempotency-Key", "If-Match"]}.get(method, ["If-Match"])
    return [_header(name) for name in names]


def _header(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": False,
        "schema": {"type": "string"},
        "description": HEADERS[name],
    }
