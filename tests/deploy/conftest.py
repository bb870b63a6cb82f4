"""A PostgreSQL of this folder's own: these tests migrate, break and drop databases."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from local.postgres import Postgres

numbers = count()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    with Postgres(Path(tmp_path_factory.mktemp("deploy")), durable=False) as server:
        yield server


@pytest.fixture
def empty_database(server: Postgres) -> str:
    name = f"deploy_{next(numbers)}"
    server.create_database(name)
    return server.url(name)
