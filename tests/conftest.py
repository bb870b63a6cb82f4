"""One running stack for each test process; tests make fresh users and tenants of their own."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest

from local.gateway import Gateway, load
from local.postgres import Postgres
from local.store.process import Store
from nexus import pg
from tests.support.api import Api, connect
from tests.support.database import Session
from tests.support.envelope import check_envelope
from tests.support.inside import InProcess, Reaching
from tests.support.people import Tenant, World
from tests.support.pinning import pins
from tests.support.stack import Database, kernel, new_database, serving


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    with Postgres(tmp_path_factory.mktemp("postgres"), durable=False) as server:
        yield server


@pytest.fixture(scope="session")
def local_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store(tmp_path_factory.mktemp("store")) as store:
        yield store


@pytest.fixture(scope="session")
def database(postgres: Postgres, local_store: Store) -> Database:
    return replace(new_database(postgres, "nexus"), store=local_store.variables())


@pytest.fixture(scope="session")
def base_url(database: Database) -> Iterator[str]:
    with serving(database) as address:
        yield address


@pytest.fixture(scope="session")
def world(base_url: str, database: Database) -> Iterator[World]:
    with connect(base_url) as http:
        anybody = World(base_url, http, Api(http))
        admin = anybody.sign_in(database.admin_email, database.admin_password)
        (shared,) = admin.items("/tenants", is_root="true")
        yield World(base_url, http, admin.within(shared["id"]))


@pytest.fixture(scope="session")
def root(world: World) -> Api:
    """The administrator that the migrations made, with the root tenant selected."""
    return world.root


@pytest.fixture(scope="session")
def tenant(world: World) -> Tenant:
    """A tenant for tests that do not mind what else is in it."""
    return world.new_tenant()


@pytest.fixture(scope="session")
def other_tenant(world: World) -> Tenant:
    """Whose administrator must not notice the first."""
    return world.new_tenant()


@pytest.fixture(scope="session")
def superuser(database: Database) -> Iterator[Session]:
    with Session(database.superuser_url) as session:
        yield session


@pytest.fixture
def holder(database: Database) -> Iterator[Session]:
    """A connection to leave a transaction open on."""
    with Session(database.superuser_url) as session:
        yield session


@pytest.fixture
def sockets(monkeypatch: pytest.MonkeyPatch) -> list[socket.socket]:
    """The connections that this process makes from now on."""
    made: list[socket.socket] = []
    create = socket.create_connection

    def create_connection(*args: Any) -> socket.socket:
        made.append(create(*args))
        return made[-1]

    monkeypatch.setattr(socket, "create_connection", create_connection)
    return made


@pytest.fixture
def unpinned(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing that this process sends pins a session of RDS Proxy."""
    sent: set[str] = set()
    make = pg.Connection.statement

    def noted(self: pg.Connection, sql: str, *values: Any) -> Any:
        sent.add(sql)
        return make(self, sql, *values)

    monkeypatch.setattr(pg.Connection, "statement", noted)
    yield
    assert not list(filter(pins, sent))


@pytest.fixture(scope="session")
def gateway() -> Gateway:
    return load()


@pytest.fixture
def reaching(gateway: Gateway, database: Database) -> Reaching:
    """The apps in this process, with the database behind another URL."""

    @contextmanager
    def reaching(url: str) -> Iterator[httpx.Client]:
        hooks = {"response": [check_envelope]}
        transport = InProcess(gateway)
        with (
            kernel(**database.variables(url)),
            httpx.Client(
                base_url="http://testserver", transport=transport, event_hooks=hooks
            ) as http,
        ):
            yield http

    return reaching


@pytest.fixture
def inside(reaching: Reaching, database: Database) -> Iterator[Callable[[Api], Api]]:
    """Takes a caller to the apps in this process."""
    with reaching(database.app_url) as http:
        yield lambda caller: caller.through(http)
