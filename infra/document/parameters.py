"""What operations take besides a body: of the path, the query string and the headers."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import NoneType
from typing import Any, get_args

from pydantic import TypeAdapter

from infra.document import words
from nexus.http import auth
from nexus.http.idempotency import LONGEST_KEY
from nexus.http.openapi import DocumentedRoute, Told
from nexus.records import fields
from nexus.records.query import DEFAULT_LIMIT, MAX_LIMIT
from nexus.records.reading import Records
from projects.issues.records import IssueRecords

type Json = dict[str, Any]

ID: Json = {"$ref": "#/components/schemas/Id"}
NAMES: Json = {"type": "array", "items": {"type": "string"}}
BOOLEAN: Json = {"type": "boolean"}
# `__in` is the same as no operator, so that it is not said again for each.
OPERATORS: Mapping[str, str] = {
    "": "Any of these.",
    "gte": "From this on.",
    "gt": "After this.",
    "lte": "Up to this.",
    "lt": "Before this.",
    "ne": "None of these.",
    "isnull": "Those that have none, or with `false` those that have one.",
    "contains": "Those that hold this. Case and accents do not count.",
    "startswith": "Those that begin with this. Case and accents do not count.",
}
SEVERAL = ("", "ne")  # take several values
WAYS = {"": "", "-": "_desc"}  # of sorting, by the sign before the member
OTHERS_IDS = ("external_id", "request_id", "client_id")
OF_LISTS: Mapping[str, tuple[str, Json]] = {
    "limit": (
        "Records a page.",
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
    ),
    "cursor": ("`next` of the page before.", {"type": "string"}),
    "count": ("Adds `total`.", {"type": "boolean", "default": False}),
    "fields": ("Just these members, whether the schema requires others or not.", NAMES),
    "q": ("Searches the texts, ignoring case and accents.", {"type": "string", "maxLength": 200}),
}
CHOICES = {
    "archived": "Archived records are left out, the only ones, or among the others.",
    "scope": "The tenant's own records, the shared ones, or all.",
    "is_open": "Those that are open, that are closed, or all.",
    "is_overdue": "Those that are open past the day that they are due, all but those, or all.",
    "unavailable": "Those too that are not open now, with the reasons.",
}
HEADERS: Mapping[str, tuple[str, Json]] = {
    "If-Match": (
        "The ETag of the version that may be changed; 412 if it is another by now.",
        {"type": "string", "examples": ['"3"']},
    ),
    "If-None-Match": (
        "The ETag of the version that the caller has; 304 if it is still that.",
        {"type": "string", "examples": ['"3"']},
    ),
    "Idempotency-Key": (
        "Makes a retry within 24 hours safe: it is answered as the first request was.",
        {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
    ),
    "X-Tenant-Id": ("The tenant of this request, instead of the session's.", ID),
}
CUSTOM_FIELDS = {
    "name": "custom_fields",
    "in": "query",
    "description": "Values of custom fields, each a parameter of its own: `cf_<key>`, and with the"
    " operators that the field's type has `cf_<key>__gte`, `cf_<key>__contains` and so on.",
    "style": "form",
    "explode": True,
    "schema": {
        "type": "object",
        "propertyNames": {"pattern": "^cf_"},
        "additionalProperties": {"type": "string"},
    },
}


def parameters(route: DocumentedRoute) -> list[Json]:
    """Of the path first, then of the query string, then headers."""
    methods = route.methods or ()
    return [
        *_of_path(route),
        *(_of_query(route.told) if "GET" in methods else ()),
        *_of_headers(route, "GET" in methods, "POST" in methods),
    ]


def callers(route: DocumentedRoute) -> set[Any]:
    """What the route asks who calls by, of `nexus.http.auth`."""
    return {needed.call for needed in route.dependant.dependencies}


def is_signed_in(route: DocumentedRoute) -> bool:
    """Whether whoever calls it has to be."""
    return not callers(route).isdisjoint({auth.signed_in, auth.signed_in_to_path})


def header_references(names: Iterable[str]) -> Json:
    """Of an answer, the headers by the components that describe them."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def has_tag(told: Told) -> bool:
    """Whether what is read or changed has an ETag."""
    if told.resource is None or told.is_page:
        return told.is_kept
    return "version" in told.resource.fields()


def _of_path(route: DocumentedRoute) -> Iterator[Json]:
    """Ids, but for what the route tells of itself."""
    own = {given["name"] for given in route.told.parameters if not isinstance(given, str)}
    for part in route.path.split("/"):
        if part.startswith("{") and part[1:-1] not in own:
            name = part[1:-1]
            example = words.examples().id_for(str(route.operation_id), name)
            yield {"name": name, "in": "path", "required": True, "schema": ID, "example": example}


def _of_query(told: Told) -> Iterator[Json]:
    for given in told.parameters:
        yield _query(given, *OF_LISTS[given]) if isinstance(given, str) else dict(given)
    resource = told.resource
    if resource is None:
        return
    offered = resource.parameters() if told.is_page else resource.own_parameters()
    made: Mapping[str, Callable[[type[Records]], Json]] = {"sort": _sort, "expand": _expand}
    for name in offered:
        if name in made:
            yield made[name](resource)
        elif name in resource.options():
            values = list(resource.options()[name])
            schema = {"type": "string", "enum": values, "default": values[0]}
            yield _query(name, CHOICES[name], schema)
        else:
            yield _query(name, *OF_LISTS[name])
    if told.is_page:
        for field in resource.filters().values():
            yield from _filters(field)
        if issubclass(resource, IssueRecords):
            yield CUSTOM_FIELDS


def _sort(resource: type[Records]) -> Json:
    names = [name for name, field in resource.sorts().items() if field.key is not None]
    offered = named_enum(
        {f"{sign}{name}": f"{name}{way}" for name in names for sign, way in WAYS.items()}
    )
    if issubclass(resource, IssueRecords):
        offered = {"anyOf": [offered, {"type": "string", "pattern": "^-?cf_"}]}
    return _query(
        "sort",
        "Members to sort by, the first before all others; with `-` in descending order.",
        {"type": "array", "items": offered},
    )


def _expand(resource: type[Records]) -> Json:
    offered = {"type": "string", "enum": list(resource.embeddable())}
    return _query("expand", "References to embed.", {"type": "array", "items": offered})


def _filters(field: fields.Field) -> Iterator[Json]:
    value = _value(field)
    for operator, said in OPERATORS.items():
        if operator and operator not in field.operators:
            continue
        if operator == "isnull" and NoneType not in get_args(field.annotation):
            continue
        schema = BOOLEAN if operator == "isnull" else value
        if operator in SEVERAL and not field.hint:
            schema = {"type": "array", "items": value}
        name = f"{field.name}__{operator}" if operator else field.name
        yield _query(name, (not operator and field.hint) or said, schema)


def _value(field: fields.Field) -> Json:
    """Of an id any text: what is none finds nothing, and the beginning of one ends a range."""
    if is_id(field.name.removesuffix("__within").removesuffix("__direct")):
        return {"type": "string"}
    return TypeAdapter(fields.plain_type(field.annotation)).json_schema()


def named_enum(names: Mapping[str, str]) -> Json:
    """An enum of values that are no names in a program, with names. Generators would number them,
    and another value would move the numbers of others."""
    said = [name.replace("-", "_").upper() for name in names.values()]
    return {"type": "string", "enum": list(names), "x-enum-varnames": said}


def is_id(name: str) -> bool:
    """Whether a member or parameter of that name is an id of a record here."""
    return name == "id" or (name.endswith("_id") and name not in OTHERS_IDS)


def _of_headers(route: DocumentedRoute, is_read: bool, is_post: bool) -> Iterator[Json]:
    names = ["X-Tenant-Id"] if auth.signed_in in callers(route) else []
    if has_tag(route.told):
        names.append("If-None-Match" if is_read else "If-Match")
    if is_post and (is_signed_in(route) or auth.anyone in callers(route)):
        names.append("Idempotency-Key")
    for name in names:
        said, schema = HEADERS[name]
        made = {"name": name, "in": "header", "description": said, "schema": schema}
        yield made | ({"example": words.examples().ids[name]} if schema is ID else {})


def _query(name: str, description: str, schema: Json) -> Json:
    made = {"name": name, "in": "query", "description": description, "schema": schema}
    # Commas between, as they are read here, where the default is to repeat the name.
    return made | ({"explode": False} if schema.get("type") == "array" else {})
