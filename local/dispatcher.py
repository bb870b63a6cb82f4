"""Gives each whole request to an environment that is idle; none ever waits behind a busy one."""

import asyncio
import socket
from collections import deque
from collections.abc import Callable

from starlette.types import ASGIApp, Scope

from infra.gateway import GatewayFailed
from local import environment
from local.channel import Answer, AnswerReader, Request, frame
from local.gateway import REFUSAL
from nexus.problems import Problem

type Answered = Callable[[Answer], None]


class Dispatcher:
    """Knows which environments are idle and which requests wait, the oldest first."""

    def __init__(self, refusals: ASGIApp) -> None:
        self._refusals = refusals
        self._idle: list[Channel] = []
        self._waiting: deque[tuple[Request, Answered]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()

    async def add(self, channel: socket.socket) -> None:
        """Takes in an environment by its channel."""
        loop = asyncio.get_running_loop()
        await loop.connect_accepted_socket(lambda: Channel(self), channel)

    def submit(self, request: Request, answered: Answered) -> None:
        """Calls back with an environment's answer."""
        self._waiting.append((request, answered))
        self._match()

    def refuse(self, scope: Scope, problem: Problem, answered: Answered) -> None:
        """Calls back with the problem as the apps would answer it, without any of them."""
        task = asyncio.create_task(self._answer_refusal(scope, problem, answered))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def add_idle(self, channel: "Channel") -> None:
        """The environment has nothing to do."""
        self._idle.append(channel)
        self._match()

    def remove(self, channel: "Channel") -> None:
        """The environment is gone."""
        if channel in self._idle:
            self._idle.remove(channel)

    def _match(self) -> None:
        while self._idle and self._waiting:
            self._idle.pop().give(*self._waiting.popleft())

    async def _answer_refusal(self, scope: Scope, problem: Problem, answered: Answered) -> None:
        request = Request({**scope, REFUSAL: problem}, b"")
        answered(await environment.answer(self._refusals, request))


class Channel(asyncio.Protocol):
    """The dispatcher's end of one environment's channel."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher
        self._reader = AnswerReader()
        self._given: tuple[Request, Answered] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the type checker
        self._transport = transport
        self._dispatcher.add_idle(self)

    def give(self, request: Request, answered: Answered) -> None:
        """Has the environment answer the request."""
        self._given = request, answered
        self._transport.write(frame(request))

    def data_received(self, data: bytes) -> None:
        answer = self._reader.read(data)
        if answer and self._given:
            (_, answered), self._given = self._given, None
            self._dispatcher.add_idle(self)
            answered(answer)

    def connection_lost(self, _: Exception | None) -> None:
        self._dispatcher.remove(self)
        if self._given:
            request, answered = self._given
            self._dispatcher.refuse(request.scope, GatewayFailed(), answered)
