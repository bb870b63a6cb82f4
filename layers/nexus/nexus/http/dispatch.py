"""Finds a request's route: by the path that a gateway has matched already, else as FastAPI does."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

RESOURCE = "nexus.resource"  # in a scope: the path as its route has it, `/groups/{group_id}`


def matched(resource: str, path_params: Mapping[str, str]) -> dict[str, Any]:
    """What a gateway puts into a scope, so that nobody has to look for the route again."""
    return {RESOURCE: resource, "path_params": path_params}


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
