"""One execution environment: an HTTP server that takes a connection only when it is idle."""

import asyncio
import socket
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

STOP_SECONDS = 5
PATIENCE_SECONDS = 0.1


class Environment(uvicorn.Server):
    """asyncio's own server accepts whatever waits: of twenty requests that arrive at once, one
    process would queue most while others idle, and no race would ever be seen here."""

    def __init__(self, app: ASGIApp, listener: socket.socket) -> None:
        self._app = app
        self._listener = listener
        self._pause: asyncio.TimerHandle | None = None
        super().__init__(
            uvicorn.Config(
                self._serve_one,
                interface="asgi3",
                lifespan="off",
                log_level="warning",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=STOP_SECONDS,
            )
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._listener.setblocking(False)
        self._watch()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        asyncio.get_running_loop().remove_reader(self._listener)
        self._listener.close()
        await super().shutdown(sockets)

    async def _serve_one(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._look_away()
        try:
            await self._app(scope, receive, send)
        finally:
            self._watch()

    def _watch(self) -> None:
        """Takes the next connection when there is one."""
        self._look_away()
        if self._listener.fileno() != -1:
            asyncio.get_running_loop().add_reader(self._listener, self._accept)

    def _look_away(self) -> None:
        """Leaves connections to others."""
        if self._pause:
            self._pause.cancel()
        if self._listener.fileno() != -1:
            asyncio.get_running_loop().remove_reader(self._listener)

    def _accept(self) -> None:
        """Takes one connection, and the next when that is answered or says nothing for long."""
        loop = asyncio.get_running_loop()
        try:
            connection, _ = self._listener.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return  # another environment was faster
        self._look_away()
        self._pause = loop.call_later(PATIENCE_SECONDS, self._watch)
        connection.setblocking(False)
        task = loop.create_task(self._greet(connection))
        self.server_state.tasks.add(task)
        task.add_done_callback(self.server_state.tasks.discard)

    async def _greet(self, connection: socket.socket) -> None:
        await asyncio.get_running_loop().connect_accepted_socket(self._protocol, connection)

    def _protocol(self) -> asyncio.Protocol:
        options: dict[str, Any] = {"config": self.config, "server_state": self.server_state}
        kind: Any = self.config.http_protocol_class
        protocol: asyncio.Protocol = kind(**options, app_state=self.lifespan.state)
        return protocol
