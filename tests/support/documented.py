"""The API's document: what tests walk over, and the judge of what is answered."""

import json
import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import jsonschema_rs

DOCUMENT = Path(__file__).parents[2] / "functions" / "system" / "openapi.json"

FORM = "application/x-www-form-urlencoded"
PROBLEM = "/problems/{slug}"  # the one path that is filled by no record's id
OPERATOR = "__(gte|gt|lte|lt|ne|isnull|contains|startswith)"  # `in` is what a bare name says
# What is no filter.
PLAIN = {
    "limit", "cursor", "count", "sort", "fields", "expand", "q", "archived", "scope", "is_open",
    "is_overdue", "unavailable", "custom_fields",
}  # fmt: skip

type Schema = dict[str, Any]

_document = json.loads(DOCUMENT.read_text())
COMPONENTS: dict[str, dict[str, Any]] = _document["components"]
SCHEMAS: dict[str, Schema] = COMPONENTS["schemas"]


def _whole(operation: dict[str, Any]) -> dict[str, Any]:
    """An operation with its parameters and responses where others refer to theirs."""

    def found(one: dict[str, Any]) -> dict[str, Any]:
        kind, name = one.get("$ref", "///").split("/")[-2:]
        return COMPONENTS[kind][name] if name else one

    parameters = [found(one) for one in operation.get("parameters", ())]
    responses = {status: found(one) for status, one in operation["responses"].items()}
    return operation | {"parameters": parameters, "responses": responses}


PATHS: dict[str, dict[str, Any]] = {
    path: {method: _whole(operation) for method, operation in item.items()}
    for path, item in _document["paths"].items()
}


class Filter(NamedTuple):
    """A parameter that filters, and what can be said behind its name."""

    name: str
    operators: tuple[str, ...]
    schema: Schema

    @property
    def parameters(self) -> set[str]:
        """With its operators."""
        return {f"{self.name}__{operator}" for operator in self.operators}

    @property
    def example(self) -> Any:
        """A value that it takes."""
        if "enum" in self.schema:
            return self.schema["enum"][0]
        times = {"date": "2027-01-31", "date-time": "2027-01-31T00:00:00Z"}
        plain = {"integer": 1, "boolean": "true", "string": "x"}
        return times.get(self.schema.get("format", "")) or plain[self.schema["type"]]


class Member(NamedTuple):
    """A member of a body, `within` those that it is nested in."""

    method: str
    path: str
    within: tuple[str, ...]
    name: str
    kinds: list[Schema]  # the schemas that it may be of, besides null
    is_nullable: bool

    @property
    def pointer(self) -> str:
        return "/" + "/".join([*self.within, self.name])

    @property
    def is_text(self) -> bool:
        return all(is_free_text(k) for k in self.kinds)

    @property
    def is_key(self) -> bool:
        return self.name.endswith("_id") and self.name != "external_id"

    @property
    def is_list_of_keys(self) -> bool:
        return self.name.endswith("_ids")

    def body(self, value: Any) -> dict[str, Any]:
        body = {self.name: value}
        for name in reversed(self.within):
            body = {name: body}
        return body


@cache
def parameters(path: str, kind: str | None = "query") -> frozenset[str]:
    """What GET takes, of one kind or of all; of a filter, all operators are one."""
    filters_ = {operator for one in filters(path) for operator in one.parameters}
    named = {one["name"] for one in _described(path) if kind in {one["in"], None}}
    return frozenset(named - filters_ - {"custom_fields"})


@cache
def collections() -> Sequence[str]:
    """Every path that lists."""
    return sorted(path for path in PATHS if "limit" in parameters(path))


@lru_cache
def item_of(collection: str) -> str:
    """The path of a collection's single record, or nothing."""
    found = [path for path in PATHS if re.fullmatch(rf"{re.escape(collection)}/{{\w+}}", path)]
    return found[0] if found else ""


def sorts(path: str) -> list[str]:
    """The members that a list is sorted by, without those of what is embedded."""
    found = [one["schema"]["items"] for one in _described(path) if one["name"] == "sort"]
    words = [name for one in found for name in one.get("anyOf", [one])[0]["enum"]]
    return [name for name in words if name[0] != "-" and "." not in name]


@cache
def filters(path: str) -> Sequence[Filter]:
    """The filters of a list."""
    asked = {one["name"]: one["schema"] for one in _described(path) if one["in"] == "query"}
    if "limit" not in asked:
        return ()
    operators: dict[str, list[str]] = {name: [] for name in asked if name not in PLAIN}
    for name in asked:
        if found := re.fullmatch(f"(.+){OPERATOR}", name):
            operators[found[1]].append(found[2])
            del operators[name]
    return tuple(
        Filter(name, tuple(told), resolved(asked[name].get("items", asked[name])))
        for name, told in operators.items()
    )


@cache
def first_alike() -> Collection[str]:
    """Of lists with the same filters, which are of the same records, the first: what each of their
    members does for a list is tried on that."""
    found = {
        tuple((one.name, one.operators) for one in filters(path)): path
        for path in reversed(collections())
    }
    return set(found.values())


def body(method: str, path: str) -> Schema:
    """The schema of the JSON that an operation takes."""
    content = PATHS[path][method.lower()].get("requestBody", {}).get("content", {})
    return resolved(content.get("application/json", {}).get("schema", {}))


def forms() -> dict[str, Schema]:
    """The schemas of the forms that are posted, by path."""
    posted = {path: item.get("post", {}).get("requestBody", {}) for path, item in PATHS.items()}
    taken = {path: body.get("content", {}).get(FORM) for path, body in posted.items()}
    return {path: resolved(form["schema"]) for path, form in taken.items() if form}


def answer(method: str, path: str) -> Schema:
    """The schema of what an operation that succeeds answers with, where all members are asked
    for."""
    responses = PATHS[path][method.lower()]["responses"]
    (success,) = (described for status, described in responses.items() if status.startswith("2"))
    return resolved(_whole_answer(success))


def answered(method: str, path: str) -> set[str]:
    """The members of what an operation that succeeds answers with, and nothing embedded."""
    return set(answer(method, path)["required"])


def resolved(schema: Schema) -> Schema:
    return SCHEMAS[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def is_free_text(kind: Schema) -> bool:
    """No word of a few, no date."""
    return kind.get("type") == "string" and not {"enum", "format"} & kind.keys()


def kinds(schema: Schema) -> list[Schema]:
    """The schemas that a member may be of."""
    return [resolved(kind) for kind in schema.get("anyOf", [schema])]


def is_nullable(schema: Schema) -> bool:
    return any(kind.get("type") == "null" for kind in kinds(schema))


def members() -> Iterator[Member]:
    """Every member of every JSON body."""
    for path, operations in PATHS.items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {})
            if "application/json" in content:
                schema = content["application/json"]["schema"]
                yield from _members(method.upper(), path, (), schema)


def _members(method: str, path: str, within: tuple[str, ...], schema: Schema) -> Iterator[Member]:
    for kind in _kinds(schema):
        for name, member in kind.get("properties", {}).items():
            kinds = _kinds(member)
            told = [k for k in kinds if k.get("type") != "null"]
            yield Member(method, path, within, name, told, len(told) < len(kinds))
            yield from _members(method, path, (*within, name), member)


def _kinds(schema: Schema) -> list[Schema]:
    if "$ref" in schema:
        return _kinds(SCHEMAS[schema["$ref"].rpartition("/")[2]])
    if "anyOf" in schema:
        return [kind for one in schema["anyOf"] for kind in _kinds(one)]
    return [schema]


def operation_of(request: httpx.Request) -> dict[str, Any] | None:
    """What the document says of what is asked, or None if it does not have it."""
    for pattern, methods in _patterns():
        if pattern.fullmatch(request.url.path):
            return methods.get(request.method.lower())
    return None


@lru_cache
def _patterns() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    """Names go before parameters, as in the gateway."""
    return [
        (re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), PATHS[path])
        for path in sorted(PATHS, key=lambda path: path.count("{"))
    ]


def _whole_answer(response: dict[str, Any]) -> Schema:
    """The first of the schemas that a response may be of: behind it is that of some members."""
    schema = response["content"]["application/json"]["schema"]
    whole: Schema = schema.get("anyOf", [schema])[0]
    return whole


def differences(answer: Any, response: dict[str, Any], *, is_whole: bool = True) -> list[str]:
    """Where an answer is not what the document says of a response. With `fields` none is whole, and
    without them each has all members that are required."""
    either: Schema = response["content"]["application/json"]["schema"]
    schema = _whole_answer(response) if is_whole else either
    return [str(error) for error in _validator(json.dumps(schema)).iter_errors(answer)]


@cache
def _validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    whole = json.loads(schema.replace('"#/', '"urn:api#/'))
    return jsonschema_rs.Draft202012Validator(whole, registry=_REGISTRY, validate_formats=True)


_REGISTRY = jsonschema_rs.Registry([("urn:api", {"components": {"schemas": SCHEMAS}})])


def _described(path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = PATHS[path].get("get", {}).get("parameters", [])
    return found
