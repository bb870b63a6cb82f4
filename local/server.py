"""Serves the API on one port: `python -m local.server`, on a database that is there already."""

import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from local.gateway import Gateway, load
from local.ports import HOST
from local.workers import Workers, WorkersFailed


class PortTaken(Exception):
    """Another program listens on the port."""

    def __init__(self, port: int) -> None:
        super().__init__(f"Port {port} is taken; stop what listens there, or set PORT=another.")


def reserve(port: int) -> socket.socket:
    """Binds the port without listening yet: a second run is refused before it does anything."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError:
        listener.close()
        raise PortTaken(port) from None
    return listener


def serve(
    gateway: Gateway,
    listener: socket.socket,
    workers: int,
    *,
    on_ready: Callable[[str], None],
    is_healthy: Callable[[], bool] = lambda: True,
    log: Path | None = None,
) -> None:
    """Serves until a signal. The environment holds what the apps need, as in Lambda."""
    crew = Workers(gateway, listener, workers, log)
    try:
        crew.start()
        on_ready(address_of(listener))
        crew.serve(is_healthy)
    finally:
        crew.stop()


def address_of(listener: socket.socket) -> str:
    """The address to call."""
    return f"http://{HOST}:{listener.getsockname()[1]}"


def main() -> None:
    """The way in of tests, which bring their own database."""
    listener = reserve(int(os.environ.get("PORT", "8000")))
    workers = int(os.environ.get("WORKERS", "4"))
    serve(load(), listener, workers, on_ready=lambda address: print(address, flush=True))


if __name__ == "__main__":
    try:
        main()
    except (PortTaken, WorkersFailed) as refusal:
        sys.exit(f"nexus: {refusal}")
