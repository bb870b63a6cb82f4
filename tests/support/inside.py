"""The apps in this process, for what can only be seen from within."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager
from typing import Any

import httpx
from sqlalchemy import make_url
from starlette.types import ASGIApp

from tests.support.stack import Database

type Reaching = Callable[[str], AbstractContextManager[httpx.Client]]


class InProcess(httpx.BaseTransport):
    """Calls an app where a server would, one request after another."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = httpx.ASGITransport(app, raise_app_exceptions=False)
        self._loop = asyncio.new_event_loop()  # not made the current one: Mangum makes its own

    def close(self) -> None:
        self._loop.close()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._loop.run_until_complete(self._answer(request))

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        answer = await self._app.handle_async_request(request)
        content = await answer.aread()
        return httpx.Response(answer.status_code, headers=answer.headers, content=content)


def at(database: Database, *, port: int | None = None, host: str = "", password: str = "") -> str:
    """The database's URL, with a part of it replaced."""
    url = make_url(database.app_url)
    url = url.set(port=port or url.port, host=host or url.host, password=password or url.password)
    return url.render_as_string(hide_password=False)


def awaited[T](coroutine: Coroutine[Any, Any, T]) -> T:
    """What comes of it, in a loop of its own: asyncio.run would leave this process without a
    current one, which Mangum asks for."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(coroutine)
    finally:
        loop.close()
