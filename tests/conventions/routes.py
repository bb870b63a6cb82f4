"""The promised routes, and the routes that there are."""

import csv
from pathlib import Path
from typing import Any, NamedTuple

TABLE = Path(__file__).with_name("routes.csv")
METHODS = ("get", "post", "patch", "put", "delete")
PUBLIC = {
    ("POST", "/me/signup"),
    ("POST", "/me/signin"),
    ("GET", "/health"),
    ("GET", "/openapi.json"),
    ("GET", "/docs"),
    ("GET", "/problems/{slug}"),
}


class Promised(NamedTuple):
    module: str
    method: str
    path: str
    status: int


def promised() -> list[Promised]:
    with TABLE.open() as table:
        rows = csv.DictReader(table)
        return [Promised(r["module"], r["method"], r["path"], int(r["status"])) for r in rows]


def documented(document: dict[str, Any]) -> set[tuple[str, str, int]]:
    """Method, path and success status of each operation of an OpenAPI document."""
    return {
        (method.upper(), path, int(status))
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
        for status in item[method]["responses"]
        if status.startswith("2")
    }
