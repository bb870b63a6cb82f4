"""One document out of one for each module; what is equal stands once."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI

from infra.document import problems, words
from infra.document.components import hoisted
from infra.document.operations import BEARER, HEADERS, operations
from infra.document.parameters import Json
from infra.modules import Clash
from nexus.http import auth

VERSION = "1.0.0"


def merged(apps: dict[str, FastAPI]) -> Json:
    """Deterministic: paths and components are sorted, tags are in the modules' order."""
    made = {module: operations(app) for module, app in apps.items()}
    paths, schemas = _paths({m: one[0] for m, one in made.items()}), problems.schemas()
    for module, (_, own) in made.items():
        for name, schema in own.items():
            _put(schemas, name, schema, f"{module}: schemas")
    words.check(
        {one["operationId"] for item in paths.values() for one in item.values()}, set(schemas)
    )
    for name, example in words.examples().items():
        schemas[name]["examples"] = [example]
    scheme = auth.bearer.model.model_dump(mode="json", by_alias=True, exclude_none=True)
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": "Nexus",
            "version": VERSION,
            "description": words.introduction(list(problems.documented())),
        },
        "servers": [{"url": ".", "description": "Where this document is"}],
        "security": [{BEARER: []}],
        "tags": [
            {"name": tag.name, "description": tag.about}
            for module in words.modules()
            for tag in module.tags
        ],
        "x-tagGroups": [
            {"name": module.name, "tags": [tag.name for tag in module.tags]}
            for module in words.modules()
        ],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "examples": dict(problems.examples()),
            "headers": {
                name: {"description": said, "schema": {"type": "string"}}
                for name, said in HEADERS.items()
            },
            "securitySchemes": {BEARER: scheme},
        },
        "x-problem-types": list(problems.documented()),
    }
    return hoisted(document)


def _paths(documents: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    merged: dict[str, dict[str, Any]] = {}
    for module, paths in documents.items():
        for path, item in paths.items():
            for method, operation in item.items():
                _put(merged.setdefault(path, {}), method, operation, f"{module}: {path}")
    for name, times in Counter(_names(merged)).items():
        if times > 1:
            raise Clash(f"{times} operations are called {name}: say another verb")
    return dict(sorted(merged.items()))


def _names(paths: Mapping[str, Any]) -> Iterator[str]:
    return (operation["operationId"] for item in paths.values() for operation in item.values())


def _put(into: dict[str, Any], name: str, value: Any, where: str) -> None:
    if into.setdefault(name, value) != value:
        raise Clash(f"{where}: another module says something else about {name}")
