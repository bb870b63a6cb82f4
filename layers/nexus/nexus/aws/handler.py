"""The Lambda handler around a module's app."""

import re
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from mangum import Mangum

from nexus.aws import payload, snapshot
from nexus.problems import MEDIA_TYPE

# Mangum sends any other body in base64, as it does what is compressed.
TEXT = ["text/", "application/json", MEDIA_TYPE]
Event = dict[str, Any]


def lambda_handler(app: FastAPI) -> Callable[[Event, Any], Event]:
    """The handler of a REST API's proxy integration, behind a stage or a custom domain's path."""
    snapshot.register()
    mangum = Mangum(app, lifespan="off", text_mime_types=TEXT)

    def handler(event: Event, context: Any) -> Event:
        return payload.fitting(mangum(payload.decodable(_with_prefix(event)), context))

    return handler


def _with_prefix(event: Event) -> Event:
    """The event with the path of the matched resource: `path` carries a custom domain's base path,
    and only `requestContext.path` carries the stage."""
    given = event.get("pathParameters") or {}
    path = re.sub(r"\{(\w+)\+?\}", lambda found: given[found[1]], event["resource"])
    whole = event["requestContext"].get("path") or path
    return {**event, "path": path, "prefix": whole.removesuffix(path)}
