"""Import and first request of each module, as CPU, against a FastAPI that says hello:
`python -m bench.cold_start`.

Under the AWS Runtime Interface Emulator that the SAM CLI ships; `bench.runtime` is the runtime.
"""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from bench.handler import prepare
from local.ports import HOST, free_port
from local.postgres import Postgres
from tests.support.events import Event, event
from tests.support.stack import Database, new_database

ROUNDS = 9
INVOKE = "/2015-03-31/functions/function/invocations"


class Case(NamedTuple):
    name: str
    module: str
    path: str
    copies: str = "0"


CASES = (
    Case("FastAPI hello", "bench.hello_app", "/hello"),
    Case("system", "system.app", "/groups"),
    Case("census", "census.app", "/persons"),
    Case("configurations", "configurations.app", "/configuration-items"),
    Case("locations", "locations.app", "/location-types"),
    Case("system, each route twice", "system.app", "/groups", "1"),
)


def emulator() -> str:
    spec = importlib.util.find_spec("samcli.local.rapid")
    assert spec
    assert spec.submodule_search_locations
    return str(Path(next(iter(spec.submodule_search_locations))) / "aws-lambda-rie-x86_64")


@contextmanager
def started(case: Case, variables: dict[str, str]) -> Iterator[int]:
    port = free_port()
    command = [
        emulator(), "--log-level", "error",
        "--runtime-interface-emulator-address", f"{HOST}:{port}",
        "--runtime-api-address", f"{HOST}:{free_port()}",
        sys.executable, "-m", "bench.runtime", case.module, case.copies,
    ]  # fmt: skip
    running = subprocess.Popen(
        command, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield port
    finally:
        running.terminate()
        running.wait()


def invoked(port: int, asked: Event) -> dict[str, Any]:
    deadline = time.monotonic() + 60
    while True:
        connection = HTTPConnection(HOST, port, timeout=60)
        try:
            connection.request("POST", INVOKE, json.dumps(asked))
            told: dict[str, Any] = json.loads(connection.getresponse().read())
        except ConnectionRefusedError:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        else:
            return told


def cpu(case: Case, variables: dict[str, str], token: str) -> float:
    with started(case, variables) as port:
        told = invoked(port, event("GET", case.path, token))
        assert told["status"] == 200, told
        return float(told["cpu"]) * 1000


def measured(database: Database, token: str) -> None:
    variables = database.variables(database.app_url)
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    for case in CASES:  # compiles what is imported
        cpu(case, variables, token)
    turns = [[cpu(case, variables, token) for case in CASES] for _ in range(ROUNDS)]
    hello, *_ = figures = [median(column) for column in zip(*turns, strict=True)]
    for case, figure in zip(CASES, figures, strict=True):
        print(f"{case.name:<28}{figure:>8.0f} ms{figure / hello:>8.2f} x", flush=True)


def main() -> None:
    os.environ |= {"AWS_LAMBDA_FUNCTION_NAME": "system", "NEXUS_LOG_LEVEL": "INFO"}
    with (
        tempfile.TemporaryDirectory(prefix="nexus-bench-") as folder,
        Postgres(Path(folder), durable=False) as server,
    ):
        database = new_database(server, "nexus")
        measured(database, prepare(database))


if __name__ == "__main__":
    main()
