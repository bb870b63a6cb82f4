"""The local server before an echo: patient, impatient, and connections to it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, cast

import pytest

from local.postgres import Postgres
from tests.local.wire import Connect, Wire
from tests.support.stack import NOWHERE, PYTHON_PATH, REPOSITORY

WORKERS = 3
SHORT, LONG = "0.4", "60"


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """Another PostgreSQL than the tests' own: a run on it sets the passwords of roles, which are
    those of all its databases."""
    with Postgres(tmp_path_factory.mktemp("elsewhere"), durable=False) as server:
        yield server


@contextmanager
def server(patience: str) -> Iterator[str]:
    variables = {"PYTHONPATH": PYTHON_PATH, "PATIENCE": patience, "WORKERS": str(WORKERS)}
    variables |= {"NEXUS_DATABASE_URL": NOWHERE, "NEXUS_LOG_LEVEL": "ERROR"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.local.echo_server"],
        cwd=REPOSITORY,
        env=os.environ | variables,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield cast("IO[str]", process.stdout).readline().strip()
    finally:
        process.terminate()
        assert process.wait() == 0


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    with server(f"{LONG} {LONG} {LONG}") as address:
        yield address


@pytest.fixture(scope="session")
def impatient() -> Iterator[str]:
    with server(f"{SHORT} {SHORT} {LONG}") as address:
        yield address


@pytest.fixture
def connect(url: str) -> Iterator[Connect]:
    wires: list[Wire] = []

    def connect() -> Wire:
        wires.append(Wire(url))
        return wires[-1]

    yield connect
    for wire in wires:
        wire.close()
