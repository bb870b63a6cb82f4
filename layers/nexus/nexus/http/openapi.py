"""What the routes tell the OpenAPI document: ids, parameters, answers, problems."""

from collections.abc import Callable, Collection
from functools import lru_cache, partial
from typing import Any

from fastapi import FastAPI
from fastapi.datastructures import DefaultPlaceholder
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from fastapi.utils import create_model_field
from pydantic import BaseModel, Field, TypeAdapter, create_model

from nexus.http import auth
from nexus.problems import MEDIA_TYPE
from nexus.records import fields
from nexus.records.fields import plain_type
from nexus.records.reading import Records
from nexus.records.schemas import ULID_PATTERN, Entry

HEADERS = {
    "If-Match": "The ETag of the version that may be changed; 412 if it is another by now.",
    "If-None-Match": "The ETag of the version that the caller has; 304 if it is still that.",
    "Idempotency-Key": "Makes a retry within 24 hours safe: it gets what the first was granted.",
    "X-Tenant-Id": "The tenant of this request, instead of the session's.",
}
LIST_PARAMETERS: dict[str, tuple[str, dict[str, Any]]] = {
    "limit": ("Records a page.", {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}),
    "cursor": ("`next` of the page before.", {"type": "string"}),
    "count": ("Adds `total`.", {"type": "boolean", "default": False}),
    "fields": ("Just these, comma separated: no others, required or not.", {"type": "string"}),
    "expand": ("Embeds references, named without `_id`.", {"type": "string"}),
    "q": ("Searches the texts, ignoring case and accents.", {"type": "string", "maxLength": 200}),
}  # fmt: skip
COMMAS = (
    " A comma that belongs to a value is written %2C. API Gateway decodes what is sent, so where it"
    " stands in front every comma belongs to one: repeat the parameter for each."
)
CHOICES = {
    "archived": "Archived records are left out, the only ones, or among the others.",
    "scope": "The tenant's own records, the shared ones, or all.",
    "is_open": "Those that are open, that are closed, or all.",
    "is_overdue": "Those that are open past the day that they are due, all but those, or all.",
    "unavailable": "Those too that are not open now, with the reasons.",
}
ERROR_MESSAGES = {
    400: "Malformed, or an unknown parameter",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    408: "The body did not come in time",
    409: "The state of things forbids it",
    412: "The record has changed since",
    413: "The body is over 1 MiB",
    415: "The body's media type is not read here",
    422: "Members are missing, unknown or of the wrong form",
    429: "Too many attempts failed, or it was done as often as it may be for now",
    500: "A bug, logged under the request id",
    503: "The database cannot serve this now, or the request took too long",
}
READS = (400, 401, 403, 404, 409, 422, 500, 503)
WRITES = (400, 401, 403, 404, 408, 409, 412, 413, 415, 422, 429, 500, 503)
BEARER = auth.bearer.scheme_name
PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}


Made = partial[type[BaseModel]]  # a model that is made with the document


class ProblemDocument(BaseModel):
    """RFC 9457."""

    type: str = Field(examples=["/problems/not-found"])
    title: str
    status: int
    detail: str
    instance: str = Field(description="The request id")
    errors: list[dict[str, str]] | None = None
    state: str | None = Field(default=None, description="Where the record is, after a wrong move")
    allowed: list[str] | None = Field(
        default=None, description="What would be taken: parameters, values, moves from the state"
    )
    version: int | None = Field(default=None, description="Of the record, after a stale If-Match")
    conflicts: list[dict[str, Any]] | None = None
    limit: int | None = Field(default=None, description="How many there may be, where there are")


def parameter(path: str) -> str:
    """`group_id` of `/groups/{group_id}`."""
    return path.rpartition("{")[2].rstrip("}")


def operation(
    path: str,
    verb: str,
    read: type[BaseModel] | Made | None = None,
    resource: type[Records] | None = None,
) -> dict[str, Any]:
    """Options of a route. `verb` is one of the path's first noun, or a whole `noun.verb`. With
    `resource` it reads a single record, which has an ETag."""
    noun = path.strip("/").split("/")[0]
    operation_id = verb if "." in verb else f"{noun}.{verb}"
    words = [word for word in reversed(operation_id.split(".")) if word != "me"]
    said = " ".join(words).replace("-", " ").replace("_", " ") or "me"
    return {
        "operation_id": operation_id.replace("-", "_"),
        "summary": said.capitalize(),
        "response_model": read,
        "openapi_extra": {"parameters": [partial(_parameters, path, resource)]},
    }


def listed(path: str, resource: type[Records], verb: str = "list") -> dict[str, Any]:
    """Options of a route that lists."""
    options = operation(path, verb)
    options["response_model"] = page_of(resource.read, resource.page_members)
    options["openapi_extra"]["parameters"].append(partial(list_parameters, resource))
    return options


def _parameters(path: str, resource: type[Records] | None) -> list[dict[str, Any]]:
    if resource is None:
        return _path_parameters(path)
    own = [listed_parameter(name) for name in resource.own_parameters()]
    tag = [_header("If-None-Match")] if "version" in resource.fields() else []
    return [*_path_parameters(path), *own, *tag]


def page_of(read: type[Entry], members: type[BaseModel] = BaseModel) -> Made:
    """A response model: a page of such records, with other members besides."""
    return partial(_page, read, members)


@lru_cache
def _page(read: type[Entry], members: type[BaseModel]) -> type[BaseModel]:
    name = read.__name__.removesuffix("Read") + "Page"
    return create_model(
        name,
        __base__=members,
        items=(list[read], ...),  # type: ignore[valid-type]
        next=(str | None, Field(description="The cursor of the next page")),
        total=(int | None, Field(default=None, description="With `?count=true`")),
    )


def list_parameters(resource: type[Records]) -> list[dict[str, Any]]:
    choices = resource.options()
    named = [name for name in resource.parameters() if name not in {*choices, "sort"}]
    chosen = [_choice(name, list(values)) for name, values in choices.items()]
    filters = [_filter(field) for field in resource.filters().values()]
    return [_sort(resource), *map(listed_parameter, named), *chosen, *filters]


def _filter(field: fields.Field) -> dict[str, Any]:
    operators = ", ".join(f"`{field.name}__{operator}`" for operator in field.operators)
    hint = field.hint or "Any of these." + (COMMAS if field.is_free_text else "")
    hint += f" Also {operators}." if operators else ""
    items = TypeAdapter(plain_type(field.annotation)).json_schema()
    return _query(field.name, hint, {"type": "array", "items": items}) | {"explode": False}


def _sort(resource: type[Records]) -> dict[str, Any]:
    names = ", ".join(f"`{n}`" for n, field in resource.sorts().items() if field.key is not None)
    return _query(
        "sort", f"Any of {names}, comma separated, `-` for descending.", {"type": "string"}
    )


def _choice(name: str, values: list[str]) -> dict[str, Any]:
    return _query(name, CHOICES[name], {"enum": values, "default": values[0]})


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


def _responses(
    methods: Collection[str], parameters: list[dict[str, Any]]
) -> dict[int | str, dict[str, Any]]:
    """Every status besides success that a route's method can answer."""
    told: dict[int | str, dict[str, Any]] = {
        status: {"description": ERROR_MESSAGES[status], "content": PROBLEM}
        for status in (READS if "GET" in methods else WRITES)
    }
    has_etag = _header("If-None-Match") in parameters
    return told | ({304: {"description": "The caller has this version"}} if has_etag else {})


class DocumentedRoute(APIRoute):
    """What only the document needs is made with it: it was a third of an app's import. A response
    model that is yet to be made is a partial, as parameters are."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        given = options.pop("response_model", None)
        self._response_model = None if isinstance(given, DefaultPlaceholder) else given
        self._told = options.pop("openapi_extra", None) or {}
        super().__init__(path, endpoint, response_model=None, **options)

    def describe(self) -> None:
        parameters = self._parameters()
        self.openapi_extra = self._told | {"parameters": parameters} | self._security()
        self.responses = _responses(self.methods or (), parameters) | self.responses
        model = self._response_model
        self.response_model = model() if isinstance(model, partial) else model
        if self.response_model is not None:
            name = f"Response_{self.unique_id}"
            self.response_field = create_model_field(
                name, self.response_model, mode="serialization"
            )

    def _callers(self) -> set[Any]:
        return {needed.call for needed in self.dependant.dependencies}

    def _security(self) -> dict[str, Any]:
        is_signed_in = self._callers() & {auth.signed_in, auth.signed_in_to_path}
        return {"security": [{BEARER: []}]} if is_signed_in else {}

    def _parameters(self) -> list[dict[str, Any]]:
        made: list[dict[str, Any]] = []
        for given in self._told.get("parameters", ()):
            made += given() if isinstance(given, partial) else [given]
        return made + ([_header("X-Tenant-Id")] if auth.signed_in in self._callers() else [])


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of one module."""
    for route in app.routes:
        if isinstance(route, DocumentedRoute):
            route.describe()
    made = get_openapi(title=app.title, version=app.version, routes=app.routes)
    components = made.setdefault("components", {})
    scheme = auth.bearer.model.model_dump(mode="json", by_alias=True, exclude_none=True)
    components["securitySchemes"] = {BEARER: scheme}
    schemas = components.setdefault("schemas", {})
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
