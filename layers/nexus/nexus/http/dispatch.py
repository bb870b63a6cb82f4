"""Finds a request's route: by the path that a gateway has matched already, else as FastAPI does."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

from nexus.problems import NotFound

RESOURCE = "nexus.resource"  # in a scope: the path as its route has it, `/groups/{group_id}`
ESCAPED = re.compile(rb"%(?:2f|5c|25)|\\", re.IGNORECASE)
DECODED = re.compile(r"[/\\%]")


def matched(resource: str, path_params: Mapping[str, str]) -> dict[str, Any]:
    """What a gateway puts into a scope, so that nobody has to look for the route again."""
    return {RESOURCE: resource, "path_params": path_params}


def hides_separator(scope: Scope) -> bool:
    """Whether a segment of the path becomes several when it is decoded, or decoded again. No name
    or id has these characters; `path` is decoded and does not show them."""
    values = (scope.get("path_params") or {}).values()
    is_escaped = ESCAPED.search(scope.get("raw_path") or b"")
    return bool(is_escaped) or any(DECODED.search(value) for value in values)


class Router(APIRouter):
    """FastAPI's, with a look where a gateway has said which path it matched: the walk over all
    routes costs more than the rest of a request."""

    def __init__(self, routes: Sequence[BaseRoute] = ()) -> None:
        super().__init__(routes=list(routes), redirect_slashes=False)
        self._by_resource = {
            (method, route.path): route
            for route in routes
            if isinstance(route, APIRoute)
            for method in route.methods or ()
        }

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        if hides_separator(scope):
            raise NotFound
        route = self._by_resource.get((scope.get("method", ""), scope.get(RESOURCE, "")))
        if route is None:
            await super().app(scope, receive, send)
        else:
            scope.update(route=route, endpoint=route.endpoint)
            await route.app(scope, receive, send)


class Contents(APIRouter):
    """A table of contents: includes take the routes as they are. FastAPI would make each anew."""

    def include_router(self, router: APIRouter, **_options: Any) -> None:
        for route in router.routes:
            if isinstance(route, APIRoute):
                route.tags = [*self.tags, *route.tags]
            self.routes.append(route)
