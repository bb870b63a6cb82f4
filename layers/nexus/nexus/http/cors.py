"""CORS for the origins of the settings, and the methods that a path offers."""

from fastapi.routing import iter_route_contexts
from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from nexus.http.dispatch import hides_separator
from nexus.http.envelope import problem_response
from nexus.problems import MethodNotAllowed, NotAllowed, NotFound
from nexus.settings import settings

EXPOSED = ["ETag", "Link", "Location", "X-Request-Id", "Retry-After", "Idempotent-Replayed"]
MAX_AGE = "600"
ASKED_METHOD = "access-control-request-method"


class Cors:
    """CORS for the origins of the settings, which are read with the first request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.cors: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.cors is None:
            origins = settings().cors_origins
            self.cors = _Origins(self.app, origins, expose_headers=EXPOSED) if origins else self.app
        await self.cors(scope, receive, send)


class _Origins(CORSMiddleware):
    """Starlette's, with a preflight that knows the path and refuses in the API's own words."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        if scope["method"] != "OPTIONS" or not {"origin", ASKED_METHOD} <= set(headers):
            await self.simple_response(scope, receive, send, headers)
            return
        response = self._preflight(scope, headers)
        response.headers["Vary"] = "Origin, Access-Control-Request-Headers"
        await response(scope, receive, send)

    def _preflight(self, scope: Scope, headers: Headers) -> Response:
        methods = methods_of(scope)
        offered = {"Allow": ", ".join(methods)}
        request_id = scope["nexus.request_id"]
        if not methods:
            return problem_response(NotFound(), request_id)
        if not self.is_allowed_origin(headers["origin"]):
            refusal = NotAllowed("Pages of this origin may not call the API.", headers=offered)
            return problem_response(refusal, request_id)
        if headers[ASKED_METHOD] not in methods:
            return problem_response(MethodNotAllowed(headers=offered), request_id)
        return Response(status_code=204, headers=offered | self._permission(headers, methods))

    def _permission(self, headers: Headers, methods: list[str]) -> dict[str, str]:
        permission = {
            "Access-Control-Allow-Origin": "*" if self.allow_all_origins else headers["origin"],
            "Access-Control-Allow-Methods": ", ".join(methods),
            "Access-Control-Max-Age": MAX_AGE,
        }
        asked = headers.get("access-control-request-headers")
        return permission | ({"Access-Control-Allow-Headers": asked} if asked else {})


def methods_of(scope: Scope) -> list[str]:
    """What the path offers, in its app: where a name stands, a parameter's routes do not count."""
    if hides_separator(scope):
        return []
    found: dict[str, set[str]] = {}
    for route in iter_route_contexts(scope["app"].routes):
        if route.path_regex and route.path_format and route.path_regex.match(scope["path"]):
            found.setdefault(route.path_format, set()).update(route.methods or ())
    if not found:
        return []
    return sorted(found[min(found, key=_parameters)])


def _parameters(path: str) -> list[bool]:
    return [segment.startswith("{") for segment in path.split("/")]
