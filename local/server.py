"""Serves the API on one port: `python -m local.server`, on a database that is there already."""

import os
import socket
import sys
from collections.abc import Callable
from functools import partial

from local.connection import Patience
from local.gateway import Gateway, load
from local.log import Log
from local.ports import HOST, reserve
from local.refusal import Refused
from local.settings import open_doors
from local.workers import Workers


def serve(
    gateway: Gateway,
    listener: socket.socket,
    workers: int,
    *,
    on_ready: Callable[[str], None],
    patience: Patience | None = None,
    log: Log | None = None,
    jobs: Callable[[int], None] | None = None,
    tend: Callable[[], None] = lambda: None,
) -> None:
    """Serves until a signal. The environment holds what the apps need, as in Lambda."""
    crew = Workers(gateway, listener, workers, patience or Patience(), log, jobs)
    try:
        crew.start()
        on_ready(address_of(listener))
        crew.serve(tend)
    finally:
        crew.stop()


def address_of(listener: socket.socket) -> str:
    """The address to call."""
    return f"http://{HOST}:{listener.getsockname()[1]}"


def main() -> None:
    """The way in of tests, which bring their own database and, in PATIENCE, shorter waits."""
    open_doors()
    listener = reserve(int(os.environ.get("PORT", "8000")))
    workers = int(os.environ.get("WORKERS", "4"))
    patience = Patience(*map(float, os.environ.get("PATIENCE", "").split()))
    ready = partial(print, flush=True)
    serve(load(), listener, workers, on_ready=ready, patience=patience)


if __name__ == "__main__":
    try:
        main()
    except Refused as refusal:
        sys.exit(f"nexus: {refusal}")
