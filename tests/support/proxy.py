"""A TCP proxy before a server of this machine."""

import socket
import threading
from contextlib import suppress
from typing import NamedTuple, Self

from local.ports import HOST


class Said(NamedTuple):
    """What one side has said, on its way to the other."""

    speaker: str  # client or server
    data: bytes
    source: socket.socket
    target: socket.socket


class Proxy:
    """Passes everything on, as it is."""

    def __init__(self, port: int) -> None:
        self._server_port = port
        self._sockets: set[socket.socket] = set()
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def lead_to(self, port: int) -> None:
        """The server has another port from now on."""
        self._server_port = port

    def cut(self) -> None:
        """Ends all connections without a word."""
        for end in list(self._sockets):
            _shut(end)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._join, args=(client,), daemon=True).start()

    def _join(self, accepted: socket.socket) -> None:
        with accepted, suppress(OSError), self._greet(accepted) as client, self._reach() as server:
            ends = {client, server}
            self._sockets |= ends
            for end in ends:
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            asking = threading.Thread(target=self._carry, args=("client", client, server))
            asking.daemon = True
            asking.start()
            self._carry("server", server, client)
            asking.join()
            self._sockets -= ends

    def _greet(self, client: socket.socket) -> socket.socket:
        """The client as it is spoken to; OSError turns it away."""
        return client

    def _reach(self) -> socket.socket:
        server = socket.create_connection((HOST, self._server_port))
        if server.getsockname() == server.getpeername():  # nobody listens, and it got that port
            server.close()
            raise ConnectionRefusedError
        return server

    def _carry(self, speaker: str, source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                self._pass(Said(speaker, data, source, target))
            target.shutdown(socket.SHUT_WR)
        except OSError:
            _shut(source)
            _shut(target)

    def _pass(self, said: Said) -> None:
        """OSError cuts the connection."""
        said.target.sendall(said.data)


def _shut(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
