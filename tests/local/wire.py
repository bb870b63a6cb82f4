"""HTTP by hand: bytes that no client library would send, and connections that it would not keep."""

import json
import select
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

from local.ports import HOST

PATIENCE = 30

type Connect = Callable[[], Wire]


@dataclass(frozen=True)
class Answered:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def problem(self) -> str:
        """The slug of a problem in the shape of all problems."""
        assert self.headers["content-type"] == "application/problem+json", self
        assert self.headers["cache-control"] == "no-store", self
        problem: dict[str, Any] = json.loads(self.body)
        assert problem["status"] == self.status
        assert problem["instance"] == self.headers["x-request-id"]
        return str(problem["type"]).removeprefix("/problems/")

    def json(self) -> Any:
        return json.loads(self.body)


class Wire:
    """One connection."""

    def __init__(self, url: str) -> None:
        self._socket = socket.create_connection((HOST, int(url.rpartition(":")[2])), PATIENCE)
        self._stream = self._socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._stream.close()
        self._socket.close()

    def send(self, *parts: str | bytes) -> Self:
        """Each part as it is, one after the other."""
        data = b"".join(part.encode() if isinstance(part, str) else part for part in parts)
        self._socket.sendall(data)
        return self

    def ask(self, method: str, target: str, *headers: str, body: str | bytes = b"") -> Self:
        lines = (f"{method} {target} HTTP/1.1", "Host: nexus.example", *headers)
        return self.send("\r\n".join(lines), "\r\n\r\n", body)

    def answer(self, *, of_head: bool = False) -> Answered:
        """The next answer; raises ConnectionError when there is none."""
        status = self._stream.readline()
        if not status:
            raise ConnectionError("closed without an answer")
        lines = iter(self._stream.readline, b"\r\n")
        fields = [line.decode("latin-1").rstrip("\r\n").split(": ", 1) for line in lines]
        headers = {name.lower(): value for name, value in fields}
        length = 0 if of_head else int(headers.get("content-length", 0))
        return Answered(int(status.split()[1]), headers, self._stream.read(length))

    def interim(self) -> bytes:
        """The status line of an answer before the answer."""
        line = self._stream.readline()
        assert self._stream.readline() == b"\r\n"
        return line

    def say_no_more(self) -> Self:
        self._socket.shutdown(socket.SHUT_WR)
        return self

    def reset(self) -> None:
        """Goes away without a word."""
        linger = struct.pack("ii", 1, 0)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close()

    def ended(self) -> bool:
        """Whether the other side has closed, and had nothing more to say; waits for it."""
        return self._stream.read() == b""

    def has_news(self) -> bool:
        """Whether something has come that was not read yet."""
        return bool(select.select([self._socket], [], [], 0)[0])

    def given_up_unread(self) -> bool:
        """Waits until the other side has cut the connection though nothing was read from it."""
        poll = select.poll()
        poll.register(self._socket, select.POLLRDHUP)
        return bool(poll.poll(PATIENCE * 1000))
