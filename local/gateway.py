"""What API Gateway does before a function runs: finds it, and hands over one whole request."""

import asyncio
from collections.abc import Iterable
from urllib.parse import unquote

from fastapi import APIRouter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from infra import modules
from nexus.app import create_app
from nexus.problems import MethodNotAllowed, NotFound

OFFERED = "nexus.offered"  # the methods of the path, in a scope
LARGEST_BODY = 10 * 1024 * 1024  # API Gateway's own; the apps refuse less


class Branch:
    """A path's segment and what may follow it."""

    def __init__(self) -> None:
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
    """All modules on one port. It lets one request through at a time, as Lambda does."""

    def __init__(self, table: Iterable[tuple[str, str, ASGIApp]], refusals: ASGIApp) -> None:
        self._root = Branch()
        self._refusals = refusals
        self._turn = asyncio.Lock()
        for method, path, app in table:
            self._root.grow(_segments(path)).apps[method] = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        body = await _whole_body(receive)
        if body is None:
            return  # the caller went away before it had said all
        async with self._turn:
            answer = await _answer(*self._asked(scope), body)
        for message in answer:
            await send(_last_on_its_connection(message))

    def _asked(self, scope: Scope) -> tuple[ASGIApp, Scope]:
        raw_path: bytes = scope.get("raw_path") or scope["path"].encode()
        branch = self._root.find([unquote(part) for part in _segments(raw_path.decode("latin-1"))])
        apps = branch.apps if branch else {}
        served = apps.get(scope["method"])
        return (served, scope) if served else (self._refusals, {**scope, OFFERED: sorted(apps)})


def load() -> Gateway:
    """The gateway before the modules' apps, by the table that the deployed one is made from."""
    apps = modules.apps()
    table = modules.operations(apps)
    rows = [(row.method, row.path, apps[row.module]) for row in table]
    return Gateway(rows, _refusals())


def _refusals() -> ASGIApp:
    """Answers 404 and 405 in the shape of all problems: an app without a path of its own."""
    app = create_app("gateway", APIRouter())
    app.router.default = _refuse
    return app


async def _refuse(scope: Scope, _receive: Receive, _send: Send) -> None:
    if not scope[OFFERED]:
        raise NotFound
    raise MethodNotAllowed(headers={"Allow": ", ".join(scope[OFFERED])})


def _last_on_its_connection(message: Message) -> Message:
    """Every request goes to an environment that is idle, not to the one that served before."""
    if message["type"] != "http.response.start":
        return message
    return {**message, "headers": [*message["headers"], (b"connection", b"close")]}


def _segments(path: str) -> list[str]:
    return path.removeprefix("/").split("/")


async def _whole_body(receive: Receive) -> bytes | None:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        if len(body) <= LARGEST_BODY:
            body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)


async def _answer(app: ASGIApp, scope: Scope, body: bytes) -> list[Message]:
    """The app's whole answer, so that a slow reader does not hold the next request up."""
    requests: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
    answers: list[Message] = []

    async def receive() -> Message:
        if requests:
            return requests.pop()
        return await asyncio.Future()

    async def send(message: Message) -> None:
        answers.append(message)

    await app(scope, receive, send)
    return answers
