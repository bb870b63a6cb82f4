"""One client's connection: whole requests off the wire, whole answers onto it."""

import asyncio
import socket
import struct
import time
from collections.abc import Callable
from email.utils import formatdate
from enum import Enum, auto
from http import HTTPStatus
from typing import NamedTuple

import h11
from starlette.types import Scope

from local.channel import Answer, Request
from local.dispatcher import Dispatcher
from local.target import nowhere, scope_of
from nexus import telemetry
from nexus.db.deadline import TAKEN_AT
from nexus.problems import (
    BodyTooLarge,
    CodingNotImplemented,
    HeadersTooLarge,
    MalformedRequest,
    Problem,
    RequestTimeout,
)

LARGEST_HEAD = 64 * 1024
LARGEST_BODY = 10 * 1024 * 1024  # API Gateway's own; the apps refuse less
# What h11 makes of a head that it does not take.
HINTS: dict[int, type[Problem]] = {431: HeadersTooLarge, 501: CodingNotImplemented}


class Patience(NamedTuple):
    """Seconds: for a request to come whole, an answer to be taken, a next request to begin."""

    request: float = 10
    answer: float = 30
    idle: float = 60


class Turn(Enum):
    """Whose it is."""

    CALLERS = auto()
    OURS = auto()
    OVER = auto()  # what still comes is not read


class Connection(asyncio.Protocol):
    """Answers one request after another. Who keeps silent or does not listen is left."""

    def __init__(
        self, dispatcher: Dispatcher, patience: Patience, all_of_them: set["Connection"]
    ) -> None:
        self._dispatcher = dispatcher
        self._patience = patience
        self._all = all_of_them
        self._http = h11.Connection(h11.SERVER, LARGEST_HEAD)
        self._turn = Turn.CALLERS
        self._scope: Scope | None = None
        self._body = bytearray()
        self._has_begun = False
        self._has_said_all = False
        self._is_last = False
        self._timer: asyncio.TimerHandle | None = None
        self._closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the type checker
        self._all.add(self)
        self._transport = transport
        # Or what is written in parts would wait 40 ms for the caller's acknowledgement.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        transport.set_write_buffer_limits(0)  # resume_writing: all has been taken
        self._client = transport.get_extra_info("peername")
        self._server = transport.get_extra_info("sockname")
        self._wait(self._patience.request, self._give_up)

    def data_received(self, data: bytes) -> None:
        if self._turn is Turn.OVER:
            return
        self._http.receive_data(data)
        if self._turn is Turn.OURS:
            self._transport.pause_reading()
            return
        self._read()

    def eof_received(self) -> bool:
        """Who has said all may still listen."""
        self._has_said_all = True
        return self._turn is Turn.OURS

    def connection_lost(self, _: Exception | None) -> None:
        self._all.discard(self)
        self._closed.set_result(None)
        self._turn = Turn.OVER
        self._stop_waiting()

    def resume_writing(self) -> None:
        if self._turn is Turn.OURS:
            self._next()

    def leave(self) -> asyncio.Future[None]:
        """The server stops: what has been asked is answered first. Done when it is closed."""
        self._is_last = True
        if self._turn is not Turn.OURS:
            self._transport.close()
        return self._closed

    def _read(self) -> None:
        if not self._has_begun:
            self._has_begun = True
            self._wait(self._patience.request, self._give_up)
        try:
            while self._turn is Turn.CALLERS:
                event = self._http.next_event()
                if event is h11.NEED_DATA:
                    return
                self._take(event)
        except h11.RemoteProtocolError as error:
            self._refuse(_problem_of(error))
        except Problem as problem:
            self._refuse(problem)

    def _take(self, event: object) -> None:
        if isinstance(event, h11.Request):
            self._take_head(event)
        elif isinstance(event, h11.Data):
            self._body += event.data
            if len(self._body) > LARGEST_BODY:
                raise BodyTooLarge
        elif isinstance(event, h11.EndOfMessage):
            self._ask()

    def _take_head(self, event: h11.Request) -> None:
        if len(event.target) + sum(len(n) + len(v) for n, v in event.headers) > LARGEST_HEAD:
            raise HeadersTooLarge
        self._scope = scope_of(event, self._client, self._server)
        if self._http.they_are_waiting_for_100_continue:
            go_on = h11.InformationalResponse(status_code=100, headers=[], reason="Continue")
            self._transport.write(self._http.send(go_on))

    def _ask(self) -> None:
        assert self._scope is not None  # noqa: S101 - the head came before the end
        self._turn = Turn.OURS
        self._stop_waiting()
        scope = {**self._scope, TAKEN_AT: time.time()}
        self._dispatcher.submit(Request(scope, bytes(self._body)), self._answer)

    def _refuse(self, problem: Problem) -> None:
        """Nothing more is read: where a next request would begin is not known."""
        self._turn, self._is_last = Turn.OURS, True
        self._stop_waiting()
        scope = self._scope or nowhere(self._client, self._server)
        self._dispatcher.refuse(scope, problem, self._answer)

    def _answer(self, answer: Answer) -> None:
        if self._transport.is_closing():
            return
        try:
            self._transport.write(self._on_the_wire(answer))
        except (h11.LocalProtocolError, ValueError) as failure:
            telemetry.request_failed(failure, "none")
            self._cut()
            return
        if self._http.our_state is h11.MUST_CLOSE:
            self._end()
        elif self._transport.get_write_buffer_size():
            self._wait(self._patience.answer, self._cut)
        else:
            self._next()

    def _on_the_wire(self, answer: Answer) -> bytes:
        headers = [(b"date", formatdate(usegmt=True).encode()), *answer.headers]
        if self._is_last or (self._has_said_all and not self._http.trailing_data[0]):
            headers.append((b"connection", b"close"))
        start = h11.Response(
            status_code=answer.status, headers=headers, reason=HTTPStatus(answer.status).phrase
        )
        is_head = self._scope is not None and self._scope["method"] == "HEAD"
        body = b"" if is_head else answer.body
        events = (start, h11.Data(data=body), h11.EndOfMessage())
        return b"".join(self._http.send(event) or b"" for event in events)

    def _next(self) -> None:
        """All was taken: it is the caller's turn again."""
        self._http.start_next_cycle()
        self._turn, self._scope, self._body = Turn.CALLERS, None, bytearray()
        self._has_begun = False
        self._wait(self._patience.idle, self._give_up)
        self._transport.resume_reading()
        if self._http.trailing_data[0]:
            self._read()
        if self._has_said_all and self._turn is Turn.CALLERS:
            self._transport.close()

    def _end(self) -> None:
        """The caller reads to the end: a connection that is closed at once may lose an answer."""
        self._turn = Turn.OVER
        self._wait(self._patience.answer, self._cut)
        self._transport.resume_reading()
        if self._has_said_all:
            self._transport.close()
        else:
            self._transport.write_eof()

    def _give_up(self) -> None:
        if self._has_begun:
            self._refuse(RequestTimeout())
        else:
            self._transport.close()

    def _cut(self) -> None:
        """Closed in the usual way, what was not taken would stay with the system for long."""
        now = struct.pack("ii", 1, 0)
        connection = self._transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, now)
        self._transport.abort()

    def _wait(self, seconds: float, then: Callable[[], None]) -> None:
        self._stop_waiting()
        self._timer = asyncio.get_running_loop().call_later(seconds, then)

    def _stop_waiting(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None


def _problem_of(error: h11.RemoteProtocolError) -> Problem:
    if error.error_status_hint in HINTS:
        return HINTS[error.error_status_hint]()
    if "request line" in str(error):
        return MalformedRequest("The request line is no HTTP: percent-encode what is not ASCII.")
    return MalformedRequest("The request's headers or the framing of its body are no HTTP/1.1.")
