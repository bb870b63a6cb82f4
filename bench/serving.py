"""`make run`'s server against FastAPI's template under uvicorn: `python -m bench.serving`.

Both with 4 workers on one database; a read of one record with all checks, over kept connections.
The template has its database's driver from SQLAlchemy's default settings, and TCP_NODELAY, without
which each of its answers would take 44 ms.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from bench.template_app import create_app
from local.ports import HOST, reserve
from local.postgres import Postgres
from tests.support.api import Api, connect
from tests.support.people import World
from tests.support.stack import REPOSITORY, Database, new_database, serving

WORKERS, ROUNDS, SECONDS = 4, 7, 1.0
DRIVERS = ("pg8000", "psycopg")
CLIENTS = (1, 4, 20)


class Client:
    """A kept connection that asks the same again and again, at next to no cost of its own."""

    def __init__(self, address: str, request: bytes) -> None:
        self._request = request
        self._socket = socket.create_connection((HOST, int(address.rpartition(":")[2])))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self) -> float:
        """Seconds until the whole answer was there."""
        began = time.perf_counter()
        self._socket.sendall(self._request)
        head, _, body = self._socket.recv(65536).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        while len(body) < length:
            body += self._socket.recv(65536)
        return time.perf_counter() - began

    def ask_until(self, end: float) -> list[float]:
        times = [self.ask()]
        while time.perf_counter() < end:
            times.append(self.ask())
        return times


def main() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="nexus-bench-") as folder,
        Postgres(Path(folder), durable=False) as postgres,
        ExitStack() as stack,
    ):
        database = new_database(postgres, "nexus")
        ours = stack.enter_context(serving(database, WORKERS, program="local.server"))
        request = read_of_a_group(ours)
        addresses = {"ours": ours}
        for driver in DRIVERS:
            addresses[driver] = stack.enter_context(template(database, driver))
        for clients in CLIENTS:
            print(told(clients, measured(addresses, request, clients)), flush=True)


def measured(addresses: dict[str, str], request: bytes, clients: int) -> dict[str, float]:
    """The median of the rounds' medians in milliseconds, after one that warms up."""
    taken: dict[str, list[float]] = {name: [] for name in addresses}
    for _ in range(ROUNDS + 1):
        for name, address in addresses.items():
            taken[name].append(median(one_round(address, request, clients)) * 1000)
    return {name: median(rounds[1:]) for name, rounds in taken.items()}


def one_round(address: str, request: bytes, clients: int) -> list[float]:
    callers = [Client(address, request) for _ in range(clients)]
    end = time.perf_counter() + SECONDS
    with ThreadPoolExecutor(clients) as threads:
        times = list(threads.map(lambda caller: caller.ask_until(end), callers))
    return [each for of_one in times for each in of_one]


def told(clients: int, taken: dict[str, float]) -> str:
    ratios = ", ".join(
        f"template ({driver}) {taken[driver]:6.2f} ms = {taken[driver] / taken['ours']:4.2f} x"
        for driver in DRIVERS
    )
    return f"{clients:>3} connections: ours {taken['ours']:6.2f} ms, {ratios}"


def read_of_a_group(address: str) -> bytes:
    with connect(address) as http:
        tenant = World(address, http, Api(http)).new_tenant()
        group = tenant.admin.post("/groups", {"name": "Read often"})
    headers = (
        f"GET /groups/{group['id']} HTTP/1.1",
        "Host: nexus.example",
        "Accept: application/json",
        f"Authorization: Bearer {tenant.admin.token}",
        f"X-Tenant-Id: {tenant.id}",
    )
    return "\r\n".join(headers).encode() + b"\r\n\r\n"


@contextmanager
def template(database: Database, driver: str) -> Iterator[str]:
    """The address of the template's server, as long as it is needed."""
    variables = database.variables(database.superuser_url)
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.serving", driver],
        cwd=REPOSITORY,
        env=variables,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()


def app() -> FastAPI:
    return create_app(os.environ["NEXUS_DATABASE_URL"], os.environ["TEMPLATE_DRIVER"])


def serve_template(driver: str) -> None:
    os.environ["TEMPLATE_DRIVER"] = driver
    listener = reserve(0)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listener.listen(socket.SOMAXCONN)
    print(f"http://{HOST}:{listener.getsockname()[1]}", flush=True)
    config = uvicorn.Config(
        "bench.serving:app",
        factory=True,
        workers=WORKERS,
        access_log=False,
        log_level="warning",
    )
    Multiprocess(config, [listener]).run()


if __name__ == "__main__":
    serve_template(sys.argv[1]) if sys.argv[1:] else main()
