"""What several operations have in common moves to the components."""

import json
from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from infra.document.parameters import Json


def hoisted(document: Json) -> Json:
    """The document with each parameter and response that is used twice or more standing once,
    called what it is; where several are, the later ones with their first operation behind it."""
    operations = [one for item in document["paths"].values() for one in item.values()]
    components = document["components"]
    components["parameters"] = _moved(list(_parameters(operations)), "parameters")
    components["responses"] = _moved(list(_responses(operations)), "responses")
    document["components"] = {kind: components[kind] for kind in sorted(components)}
    return document


type Place = tuple[Any, Any, str, str]
"""A container, the key in it, what the thing there is called, and the operation's id."""


def _parameters(operations: list[Json]) -> Iterator[Place]:
    for operation in operations:
        for place, parameter in enumerate(operation.get("parameters", ())):
            called = "path." * (parameter["in"] == "path") + parameter["name"]
            yield operation["parameters"], place, called, operation["operationId"]


def _responses(operations: list[Json]) -> Iterator[Place]:
    for operation in operations:
        for status in operation["responses"]:
            called = _of_success(operation["responses"][status])
            phrase = HTTPStatus(int(status)).phrase.replace(" ", "").replace("-", "")
            yield operation["responses"], status, called or phrase, operation["operationId"]


def _of_success(response: Json) -> str:
    """What it answers with, if that is no problem."""
    schema: Json = response.get("content", {}).get("application/json", {}).get("schema", {})
    first: str = schema.get("anyOf", [schema])[0].get("$ref", "")
    return first.rpartition("/")[2]


def _moved(places: list[Place], kind: str) -> dict[str, Json]:
    texts = [json.dumps(into[key], sort_keys=True) for into, key, *_ in places]
    times, names = Counter(texts), dict[str, str]()
    components: dict[str, Json] = {}
    for (into, key, called, operation_id), text in zip(places, texts, strict=True):
        if times[text] == 1:
            continue
        if text not in names:
            names[text] = f"{called}.{operation_id}" if called in components else called
            components[names[text]] = into[key]
        into[key] = {"$ref": f"#/components/{kind}/{names[text]}"}
    return dict(sorted(components.items()))
