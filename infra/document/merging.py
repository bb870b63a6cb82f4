"""One document out of one for each module; what is equal stands once."""

import json
from collections import Counter
from collections.abc import Mapping
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
    paths = united({module: paths for module, (paths, _) in made.items()})
    _require_different(paths)
    of_modules = {module: schemas for module, (_, schemas) in made.items()}
    schemas = united({"problems": problems.schemas(), **of_modules})
    words.check(
        {one["operationId"] for item in paths.values() for one in item.values()}, set(schemas)
    )
    for name, example in words.examples().schemas.items():
        schemas[name]["examples"] = [example]
    scheme = auth.bearer.model.model_dump(mode="json", by_alias=True, exclude_none=True)
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": "Nexus",
            "version": VERSION,
            "contact": {"name": "Whoever runs this service for you"},
            "license": {
                "name": "None: nothing is granted to the public",
                "identifier": "LicenseRef-None",
            },
            "description": words.introduction(),
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
        "paths": dict(sorted(paths.items())),
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
    return _used(hoisted(document))


def _used(document: Json) -> Json:
    """Without components that nothing refers to, or only what is unused itself."""
    text, components = json.dumps(document), document["components"]
    unused = [
        (kind, name)
        for kind in components.keys() - {"securitySchemes"}
        for name in components[kind]
        if f'"#/components/{kind}/{name}"' not in text
    ]
    for kind, name in unused:
        del components[kind][name]
    return _used(document) if unused else document


def united(said: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """What each module says of things, by their names. Raises Clash where two do not agree."""
    made: dict[str, Any] = {}
    for module, things in said.items():
        for name, value in things.items():
            if made.setdefault(name, value) != value:
                raise Clash(f"{module}: another module says something else about {name}")
    return made


def _require_different(paths: Mapping[str, Any]) -> None:
    ids = (operation["operationId"] for item in paths.values() for operation in item.values())
    for name, times in Counter(ids).items():
        if times > 1:
            raise Clash(f"{times} operations are called {name}: say another verb")
