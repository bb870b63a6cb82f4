"""What passes between the dispatcher and an environment: whole requests, whole answers."""

import pickle
import socket
import struct
from collections.abc import Iterator
from typing import Any, NamedTuple

from starlette.types import Scope

LENGTH = struct.Struct("!I")


class Request(NamedTuple):
    """A whole request: an ASGI scope and the body."""

    scope: Scope
    body: bytes


class Answer(NamedTuple):
    """A whole answer."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


def frame(message: Request | Answer) -> bytes:
    """The message as it is sent, behind its length."""
    data = pickle.dumps(tuple(message), pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(data)) + data


def requests(channel: socket.socket) -> Iterator[Request]:
    """Waits for one request after another, until the other side is gone."""
    with channel.makefile("rb") as stream:
        while length := stream.read(LENGTH.size):
            yield Request(*_unpacked(stream.read(*LENGTH.unpack(length))))


class AnswerReader:
    """Puts an answer together as it arrives."""

    def __init__(self) -> None:
        self._data = bytearray()

    def read(self, data: bytes) -> Answer | None:
        """The answer when this completes it."""
        self._data += data
        if len(self._data) < LENGTH.size:
            return None
        (length,) = LENGTH.unpack_from(self._data)
        if len(self._data) < LENGTH.size + length:
            return None
        whole, self._data = self._data[LENGTH.size :], bytearray()
        return Answer(*_unpacked(whole))


def _unpacked(data: bytes | bytearray) -> Any:
    return pickle.loads(data)  # noqa: S301 - from a process that this one's parent forked
