"""The modules behind the API, and every operation that each one serves."""

import importlib
from collections.abc import Iterator
from typing import NamedTuple

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

MODULES = ("system", "census", "configurations", "locations", "projects", "assets", "education")


class Operation(NamedTuple):
    path: str
    method: str
    module: str


class Clash(Exception):
    """Two modules say different things about one thing."""


def apps() -> dict[str, FastAPI]:
    """The modules' apps, in the order of the reference."""
    return {name: importlib.import_module(f"{name}.app").app for name in MODULES}


def operations(apps: dict[str, FastAPI]) -> list[Operation]:
    """Sorted by path: a parent comes before what is below it. A path has one module, which knows
    what a browser may be told of it beforehand."""
    owners: dict[str, str] = {}
    found = []
    for module, app in apps.items():
        for path, method in _served(app):
            owner = owners.setdefault(path, module)
            if owner != module:
                raise Clash(f"{path} is served by {owner} and by {module}")
            found.append(Operation(path, method, module))
    return sorted(found)


def _served(app: FastAPI) -> Iterator[tuple[str, str]]:
    for route in iter_route_contexts(app.routes):
        for method in route.methods or ():
            if route.path_format:
                yield route.path_format, method
