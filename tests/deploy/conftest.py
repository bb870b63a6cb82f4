"""A PostgreSQL of this folder's own: these tests migrate, break and drop databases."""

import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import httpx
import pytest

from local.deploy import Deployed, Target, build, deploy
from local.emulator import DATABASE, Emulator
from local.ports import HOST, free_port
from local.postgres import Postgres

numbers = count()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    with Postgres(tmp_path_factory.mktemp("deploy"), durable=False) as server:
        yield server


@pytest.fixture
def empty_database(server: Postgres) -> str:
    name = f"deploy_{next(numbers)}"
    server.create_database(name)
    return server.url(name)


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built template: made once, by the test process that comes first."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "release"
    folder.mkdir(exist_ok=True)
    template = folder / "build" / "template.yaml"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return template if template.exists() else build(folder)


@dataclass(frozen=True)
class Stack:
    """A release on the emulator."""

    target: Target
    template: Path
    deployed: Deployed

    def http(self) -> httpx.Client:
        """Reaches the gateway by the name that it has, which not every resolver knows."""
        address = httpx.URL(self.deployed.url)
        gateway = f"http://{HOST}:{address.port}{address.path}"
        host = f"{address.host}:{address.port}"
        return httpx.Client(base_url=gateway, headers={"Host": host}, timeout=60)


@pytest.fixture(scope="session")
def stack(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("emulator")
    with (
        Postgres(folder / "postgres", durable=False) as postgres,
        Emulator(folder, free_port()) as emulator,
    ):
        postgres.create_database(DATABASE)
        target = Target(folder, emulator.endpoint, postgres.url())
        yield Stack(target, release, deploy(target, release))
