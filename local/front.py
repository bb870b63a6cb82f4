"""The process that all connections come to, as API Gateway is one; the environments see none."""

import asyncio
import signal
import socket

from starlette.types import ASGIApp

from local.connection import Connection, Patience
from local.dispatcher import Dispatcher

STOP_SECONDS = 5


class Front:
    """Takes connections in from the listener, and environments by a control socket."""

    def __init__(self, refusals: ASGIApp, patience: Patience) -> None:
        self._dispatcher = Dispatcher(refusals)
        self._patience = patience
        self._connections: set[Connection] = set()
        self._stopping = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self, listener: socket.socket, control: socket.socket) -> None:
        """Until SIGTERM, or until the process at the other end of the control socket is gone."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, self._stopping.set)
        loop.add_reader(control, self._take_in, control)
        server = await loop.create_server(self._connection, sock=listener)
        await self._stopping.wait()
        server.close()
        await self._finish()

    def _connection(self) -> Connection:
        return Connection(self._dispatcher, self._patience, self._connections)

    def _take_in(self, control: socket.socket) -> None:
        message, channels, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            asyncio.get_running_loop().remove_reader(control)
            self._stopping.set()
        for channel in channels:
            task = asyncio.create_task(self._dispatcher.add(socket.socket(fileno=channel)))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _finish(self) -> None:
        """What has been asked is still answered, for some seconds."""
        ends = [connection.leave() for connection in self._connections]
        if ends:
            await asyncio.wait(ends, timeout=STOP_SECONDS)
