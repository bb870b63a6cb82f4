"""A wire to look at: it records who spoke when, and can be silent or encrypted."""

import socket
import ssl

from tests.support.proxy import Proxy, Said

SSL_REQUEST_LENGTH = 8


class Wire(Proxy):
    """`log` holds what the client and the server sent."""

    def __init__(self, port: int, *, certificate: ssl.SSLContext | None = None) -> None:
        super().__init__(port)
        self.log: list[tuple[str, bytes]] = []
        self._certificate = certificate
        self._lost: set[socket.socket] = set()

    def lose_answers(self) -> None:
        """From now on the server is not heard on the connections that there are."""
        self._lost |= self._sockets

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

    def _greet(self, client: socket.socket) -> socket.socket:
        if self._certificate is None:
            return client
        client.recv(SSL_REQUEST_LENGTH)
        client.sendall(b"S")
        return self._certificate.wrap_socket(client, server_side=True)

    def _pass(self, said: Said) -> None:
        self.log.append((said.speaker, said.data))
        if said.speaker == "client" or said.source not in self._lost:
            super()._pass(said)
