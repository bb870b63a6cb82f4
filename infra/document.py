"""One OpenAPI document of the whole API, out of one for each module."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI

from infra.modules import Clash
from nexus.problems import Problem, problem_types

VERSION = "1.0.0"
INTRODUCTION = """\
The backend an IT department runs itself on.

Sign in with `POST /me/signin` (or the Authorize button) and send the token as
`Authorization: Bearer nxs_…`.

Text is taken in any Unicode form and stored in NFC. Names are trimmed, descriptions are kept as
they were written. A blank text (nothing, or only spaces) is null where null may be, else 422.

Errors are `application/problem+json`; these are all their types:

| type | status | title |
|---|---|---|
"""


def merged(apps: dict[str, FastAPI]) -> dict[str, Any]:
    """Deterministic: paths and components are sorted, tags keep the modules' order."""
    documents = {module: app.openapi() for module, app in apps.items()}
    kinds = list(documented_problems())
    return {
        "openapi": next(iter(documents.values()))["openapi"],
        "info": {"title": "Nexus", "version": VERSION, "description": _introduction(kinds)},
        "servers": [{"url": ".", "description": "Where this document is"}],
        "tags": _tags(documents.values()),
        "paths": _paths(documents),
        "components": _components(documents),
        "x-problem-types": kinds,
    }


def documented_problems() -> Iterable[dict[str, Any]]:
    """Every type that an answer can name; abstract ones are left out by `problem_types`."""
    kinds: dict[str, type[Problem]] = {kind.type(): kind for kind in problem_types()}
    for name, kind in sorted(kinds.items(), key=lambda pair: (pair[1].status, pair[0])):
        yield {"type": name, "status": kind.status, "title": kind.title()}


def _introduction(kinds: list[dict[str, Any]]) -> str:
    rows = (f"| `{kind['type']}` | {kind['status']} | {kind['title']} |" for kind in kinds)
    return INTRODUCTION + "\n".join(rows)


def _tags(documents: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    described: dict[str, dict[str, Any]] = {}
    for document in documents:
        for tag in document.get("tags", []):
            described[tag["name"]] = tag
        for item in document.get("paths", {}).values():
            for operation in item.values():
                for name in operation.get("tags", []):
                    described.setdefault(name, {"name": name})
    return list(described.values())


def _paths(documents: dict[str, dict[str, Any]]) -> dict[str, Any]:
    merged: dict[str, dict[str, Any]] = {}
    for module, document in documents.items():
        for path, item in document.get("paths", {}).items():
            for method, operation in item.items():
                _put(merged.setdefault(path, {}), method, operation, f"{module}: {path}")
    operations = (operation for item in merged.values() for operation in item.values())
    names = Counter(operation["operationId"] for operation in operations)
    for name, times in names.items():
        if times > 1:
            raise Clash(f"{times} operations are called {name}: say another verb")
    return dict(sorted(merged.items()))


def _components(documents: dict[str, dict[str, Any]]) -> dict[str, Any]:
    merged: dict[str, dict[str, Any]] = {}
    for module, document in documents.items():
        for kind, components in document.get("components", {}).items():
            for name, component in components.items():
                _put(merged.setdefault(kind, {}), name, component, f"{module}: {kind}")
    return {kind: dict(sorted(merged[kind].items())) for kind in sorted(merged)}


def _put(into: dict[str, Any], name: str, value: Any, where: str) -> None:
    if into.setdefault(name, value) != value:
        raise Clash(f"{where}: another module says something else about {name}")
