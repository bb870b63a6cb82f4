"""The local server before an app that says what it was given: `python -m tests.local.echo_server`.

`/hold` keeps its worker busy until somebody writes to the FIFO that the query names; `/die` kills
the worker; `/large` answers 4 MB, `/garble` what is no HTTP.
"""

import os
import signal
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from local.connection import Patience
from local.gateway import Gateway, refusals
from local.ports import reserve
from local.server import serve
from nexus.db.deadline import TAKEN_AT


async def echo(request: Request) -> Response:
    given = {"path": request.url.path, "query": request.url.query, "url": str(request.url)}
    headers = [(name.decode(), value.decode("latin-1")) for name, value in request.headers.raw]
    size = len(await request.body())
    told = {"headers": headers, "size": size, "taken_at": request.scope[TAKEN_AT]}
    return JSONResponse({**given, **told, "worker": os.getpid()})


async def hold(request: Request) -> Response:
    said = Path(request.query_params["fifo"]).read_text()  # noqa: ASYNC240 - it is to block
    return JSONResponse({"said": said, "worker": os.getpid()})


async def large(_: Request) -> Response:
    return Response(b"x" * 4_000_000)


async def garble(_: Request) -> Response:
    return Response(headers={"X-Garbled": "a\nb"})


async def die(_: Request) -> Response:
    os.kill(os.getpid(), signal.SIGKILL)
    return Response()


def main() -> None:
    app: ASGIApp = Starlette(
        routes=[
            Route("/echo", echo, methods=["GET", "POST"]),
            Route("/hold", hold),
            Route("/large", large),
            Route("/garble", garble),
            Route("/die", die),
        ]
    )
    paths = ("/echo", "/hold", "/large", "/garble", "/die")
    rows = [("GET", path, app) for path in paths]
    rows += [(method, "/echo", app) for method in ("HEAD", "POST")]
    gateway = Gateway(rows, refusals())
    patience = Patience(*map(float, os.environ["PATIENCE"].split()))
    workers = int(os.environ["WORKERS"])
    serve(
        gateway, reserve(0), workers, on_ready=lambda at: print(at, flush=True), patience=patience
    )


if __name__ == "__main__":
    main()
