"""A wire that cuts connections where it is told to, and turns clients away as a server would."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.support.proxy import Proxy, Said


@dataclass(frozen=True)
class Cut:
    """Of what this speaker says next, if the words are in it, a share gets through."""

    speaker: str
    share: float
    words: bytes = b""


REQUEST = Cut("client", 0)  # nothing was asked
ANSWER = Cut("server", 0)  # it was done, and the answer is lost
HALF_AN_ANSWER = Cut("server", 0.5)
COMMIT = Cut("client", 0, b"\0commit\0")
ANSWER_TO_COMMIT = Cut("server", 0, b"COMMIT\0")

STARTING_UP = b"SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0"


class CuttingWire(Proxy):
    def __init__(self, port: int) -> None:
        super().__init__(port)
        self._cuts: list[Cut] = []
        self._refusal: bytes | None = None

    def cut_at(self, *cuts: Cut) -> None:
        """Each once, on whichever connection meets it."""
        self._cuts += cuts

    def has_cut(self) -> bool:
        return not self._cuts

    @contextmanager
    def starting_up(self) -> Iterator[None]:
        """PostgreSQL's words to who connects while it starts or recovers; nobody is connected."""
        self._refusal = STARTING_UP
        self.cut()
        try:
            yield
        finally:
            self._refusal = None

    def _greet(self, client: socket.socket) -> socket.socket:
        if refusal := self._refusal:
            client.recv(65536)
            client.sendall(b"E" + (4 + len(refusal)).to_bytes(4) + refusal)
            raise ConnectionRefusedError
        return client

    def _pass(self, said: Said) -> None:
        cut = self._met(said)
        if cut is None:
            super()._pass(said)
        else:
            said.target.sendall(said.data[: int(len(said.data) * cut.share)])
            raise ConnectionAbortedError

    def _met(self, said: Said) -> Cut | None:
        """Taken off the list by one of the threads that meet it."""
        for cut in list(self._cuts):
            if cut.speaker == said.speaker and cut.words in said.data:
                try:
                    self._cuts.remove(cut)
                except ValueError:
                    continue
                return cut
        return None
