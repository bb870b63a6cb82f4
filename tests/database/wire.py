"""A wire to look at: a TCP proxy that records who spoke when, and can be slow, cut or encrypted."""

import socket
import ssl
import threading
import time
from contextlib import suppress
from typing import Self

SSL_REQUEST_LENGTH = 8


class Wire:
    """Stands before a server at 127.0.0.1; `log` holds what the client and the server sent."""

    def __init__(
        self, port: int, *, delay: float = 0, certificate: ssl.SSLContext | None = None
    ) -> None:
        self._lost: set[socket.socket] = set()
        self.log: list[tuple[str, bytes]] = []
        self._server = ("127.0.0.1", port)
        self._delay = delay
        self._certificate = certificate
        self._sockets: list[socket.socket] = []
        self._servers: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def cut(self) -> None:
        """Ends all connections without a word."""
        for end in self._sockets:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def lose_answers(self) -> None:
        """From now on the server is not heard on the connections that there are."""
        self._lost.update(self._servers)

    def round_trips(self) -> int:
        """How often the client, having been answered, spoke again."""
        speakers = [speaker for speaker, _ in self.log]
        return sum(
            speaker == "client" and before != "client"
            for before, speaker in zip(["server", *speakers], speakers, strict=False)
        )

    def client_messages(self) -> list[tuple[bytes, bytes]]:
        """The (type, body) of all that the client sent since the log was emptied."""
        sent = b"".join(data for speaker, data in self.log if speaker == "client")
        messages = []
        while sent:
            end = 1 + int.from_bytes(sent[1:5])
            messages.append((sent[:1], sent[5:end]))
            sent = sent[end:]
        return messages

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._join(client)

    def _join(self, client: socket.socket) -> None:
        if self._certificate is not None:
            client.recv(SSL_REQUEST_LENGTH)
            client.sendall(b"S")
            client = self._certificate.wrap_socket(client, server_side=True)
        server = socket.create_connection(self._server)
        self._sockets += [client, server]
        self._servers.append(server)
        for speaker, source, target in (("client", client, server), ("server", server, client)):
            target.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(
                target=self._carry, args=(speaker, source, target), daemon=True
            ).start()

    def _carry(self, speaker: str, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self.log.append((speaker, data))
                if self._delay:
                    time.sleep(self._delay)
                if source not in self._lost:
                    target.sendall(data)
            target.shutdown(socket.SHUT_WR)
