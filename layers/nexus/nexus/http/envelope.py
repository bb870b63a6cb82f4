"""Around every answer: request id, headers, a log line; 500 for a bug, nothing of it told."""

import re
import time
from typing import Any

from pydantic_core import to_json
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from ulid import ULID

from nexus import telemetry
from nexus.db import deadline
from nexus.problems import MEDIA_TYPE, InternalError, Problem

SANE_ID = re.compile(r"[\w.:=/+-]{1,128}", re.ASCII)
UNKEPT = (b"cache-control", b"no-store")  # where the answer does not say otherwise
FIXED = (
    (b"x-content-type-options", b"nosniff"),
    (b"strict-transport-security", b"max-age=63072000; includeSubDomains"),
)


def problem_response(problem: Problem, request_id: str) -> Response:
    return Response(
        to_json(problem.document(request_id)), problem.status, dict(problem.headers), MEDIA_TYPE
    )


class Envelope:
    def __init__(self, app: ASGIApp, module: str) -> None:
        self.app = app
        self.module = module

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.perf_counter(), 0
        deadline.begin(scope.get(deadline.TAKEN_AT))
        request_id = scope["nexus.request_id"] = _request_id(scope)

        async def send_wrapped(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                own = (b"x-request-id", request_id.encode())
                given = message["headers"]
                unkept = () if any(name == UNKEPT[0] for name, _ in given) else (UNKEPT,)
                message["headers"] = [*given, *unkept, *FIXED, own]
            await send(message)

        try:
            await self.app(scope, receive, send_wrapped)
        except Exception as failure:  # noqa: BLE001 - the last resort
            telemetry.request_failed(failure, request_id)
            if not status:
                await problem_response(InternalError(), request_id)(scope, receive, send_wrapped)
        finally:
            self._record(scope, status, (time.perf_counter() - began) * 1000)

    def _record(self, scope: Scope, status: int, milliseconds: float) -> None:
        telemetry.request_done(
            self.module,
            scope.get("nexus.route", "none"),
            scope["method"],
            status,
            milliseconds,
            correlation_id=scope["nexus.request_id"],
            tenant_id=scope.get("nexus.tenant_id"),
        )


def _request_id(scope: Scope) -> str:
    sent = Headers(scope=scope).get("x-request-id", "")
    if SANE_ID.fullmatch(sent):
        return sent
    event: dict[str, Any] = scope.get("aws.event", {})
    return event.get("requestContext", {}).get("requestId") or str(ULID())
