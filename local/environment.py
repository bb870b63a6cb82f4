"""One execution environment: it is given one whole request at a time, as Lambda's are."""

import asyncio
import socket
from contextlib import suppress

from starlette.types import ASGIApp, Message

from local.channel import Answer, Request, frame, requests


def serve(app: ASGIApp, channel: socket.socket) -> None:
    """Answers what the channel brings, until its other end is gone."""
    loop = asyncio.new_event_loop()
    with suppress(ConnectionError):  # nobody is there to take the last answer
        for request in requests(channel):
            channel.sendall(frame(loop.run_until_complete(answer(app, request))))


async def answer(app: ASGIApp, request: Request) -> Answer:
    """The app's whole answer to a whole request."""
    unread: list[Message] = [{"type": "http.request", "body": request.body, "more_body": False}]
    start: Message = {}
    body = bytearray()

    async def receive() -> Message:
        return unread.pop() if unread else await asyncio.Future()

    async def send(message: Message) -> None:
        nonlocal start
        if message["type"] == "http.response.start":
            start = message
        else:
            body.extend(message.get("body", b""))

    await app(request.scope, receive, send)
    return Answer(start["status"], start["headers"], bytes(body))
