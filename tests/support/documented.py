"""The document as a judge: an operation answers with the statuses it is documented to have."""

import json
import re
from functools import lru_cache
from pathlib import Path

import httpx

DOCUMENT = Path(__file__).parents[2] / "functions" / "system" / "openapi.json"


def documented_statuses(request: httpx.Request) -> set[int] | None:
    """What the operation may answer, or None if the document does not have it."""
    for pattern, methods in _patterns():
        if pattern.fullmatch(request.url.path):
            return methods.get(request.method.lower())
    return None


@lru_cache
def _patterns() -> list[tuple[re.Pattern[str], dict[str, set[int]]]]:
    """Names go before parameters, as in the gateway."""
    paths = json.loads(DOCUMENT.read_text())["paths"]
    return [
        (re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), _statuses(paths[path]))
        for path in sorted(paths, key=lambda path: path.count("{"))
    ]


def _statuses(item: dict[str, dict[str, dict[str, object]]]) -> dict[str, set[int]]:
    return {
        method: {int(status) for status in operation["responses"]}
        for method, operation in item.items()
    }
