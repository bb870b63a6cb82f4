"""What API Gateway does before a function runs: finds it, or refuses."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from infra import modules
from nexus.app import create_app
from nexus.http import dispatch
from nexus.problems import MethodNotAllowed, NotFound

REFUSAL = "nexus.refusal"  # the problem to answer, in a scope


class Branch:
    """A path's segment and what may follow it; at the end of one, its apps by method."""

    def __init__(self) -> None:
        self.path = ""
        self.apps: dict[str, ASGIApp] = {}
        self._named: dict[str, Branch] = {}
        self._parameter: Branch | None = None

    def grow(self, segments: list[str]) -> "Branch":
        """The branch at the path's end, made where it is missing."""
        if not segments:
            return self
        if segments[0].startswith("{"):
            self._parameter = self._parameter or Branch()
            return self._parameter.grow(segments[1:])
        return self._named.setdefault(segments[0], Branch()).grow(segments[1:])

    def find(self, segments: list[str]) -> "Branch | None":
        """The branch that a request's path leads to; names go before parameters."""
        if not segments:
            return self if self.apps else None
        named = self._named.get(segments[0])
        found = named.find(segments[1:]) if named else None
        if found is None and self._parameter and segments[0]:
            found = self._parameter.find(segments[1:])
        return found


class Gateway:
    """All modules as one app."""

    def __init__(self, table: Iterable[tuple[str, str, ASGIApp]], refusals: ASGIApp) -> None:
        self._root = Branch()
        self.refusals = refusals
        for method, path, app in table:
            branch = self._root.grow(_segments(path))
            branch.path, branch.apps[method] = path, app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app, scope = self._route(scope)
        await app(scope, receive, send)

    def _route(self, scope: Scope) -> tuple[ASGIApp, Scope]:
        raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
        segments = [unquote(part) for part in _segments(raw_path.decode("latin-1"))]
        branch = self._root.find(segments)
        if branch is None or dispatch.hides_separator(scope):
            return self.refusals, {**scope, REFUSAL: NotFound()}
        if scope["method"] == "OPTIONS":
            return next(iter(branch.apps.values())), scope  # the module knows origins and methods
        if scope["method"] in branch.apps:
            return branch.apps[scope["method"]], {**scope, **_matched(branch.path, segments)}
        allowed = {"Allow": ", ".join(sorted(branch.apps))}
        return self.refusals, {**scope, REFUSAL: MethodNotAllowed(headers=allowed)}


def load() -> Gateway:
    """The gateway before the modules' apps, by the table that the deployed one is made from."""
    apps = modules.apps()
    table = modules.operations(apps)
    rows: list[tuple[str, str, ASGIApp]] = [
        (row.method, row.path, apps[row.module]) for row in table
    ]
    entrance = _entrance()
    rows += [(method, "/", entrance) for method in ("GET", "HEAD")]
    return Gateway(rows, refusals())


def refusals() -> ASGIApp:
    """Answers the problem of its scope in the shape of all problems."""
    app = create_app("gateway", APIRouter())
    app.router.default = _refuse
    return app


async def _refuse(scope: Scope, _receive: Receive, _send: Send) -> None:
    raise scope[REFUSAL]


def _entrance() -> ASGIApp:
    """Leads who asks for the address alone to the documentation."""
    router = APIRouter()
    router.add_api_route("/", _to_docs, methods=["GET", "HEAD"])
    return create_app("gateway", router)


async def _to_docs() -> Response:
    return RedirectResponse("/docs")


def _matched(path: str, segments: list[str]) -> dict[str, Any]:
    """What the deployed gateway tells as `resource` and `pathParameters`."""
    named = zip(_segments(path), segments, strict=True)
    return dispatch.matched(path, {n[1:-1]: value for n, value in named if n.startswith("{")})


def _segments(path: str) -> list[str]:
    return path.removeprefix("/").split("/")
