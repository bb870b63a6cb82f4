"""A PostgreSQL of this folder's own: these tests kill its connections."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from pg8000 import dbapi
from pg8000.native import Connection as Observer
from sqlalchemy import Engine, make_url

from local.postgres import Postgres
from nexus import pg
from tests.support.database import Session
from tests.support.people import Tenant, World
from tests.support.stack import Database

type Connect = Callable[..., pg.Connection]
DATABASE = "nexus"


def options(url: str) -> dict[str, Any]:
    at = make_url(url)
    return {
        "user": at.username,
        "password": at.password,
        "host": at.host,
        "port": at.port,
        "database": at.database,
        "ssl_context": False,
    }


def patience() -> float:
    """Seconds for each wait."""
    return 30


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    with Postgres(Path(tmp_path_factory.mktemp("database")), durable=False) as server:
        server.create_database(DATABASE)
        yield server


@pytest.fixture(scope="session")
def url(server: Postgres) -> str:
    return server.url(DATABASE)


@pytest.fixture
def connect(url: str) -> Iterator[Connect]:
    """Opens a pipelining connection; it is closed with the test."""
    with ExitStack() as stack:

        def connect(at: str = url, **more: Any) -> pg.Connection:
            connection = pg.connect(**options(at) | {"time_left": patience} | more)
            stack.callback(connection.close)
            return connection

        yield connect


@pytest.fixture
def ours(connect: Connect) -> pg.Connection:
    return connect()


@pytest.fixture
def stock(url: str) -> Iterator[Any]:
    """pg8000 as it comes."""
    connection = dbapi.connect(**options(url), timeout=patience())
    yield connection
    connection.close()


@pytest.fixture
def observer(url: str) -> Iterator[Any]:
    """Another session, in autocommit, to look at the first one and to kill it."""
    connection = Observer(**options(url), timeout=patience())
    yield connection
    connection.close()


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = pg.create_engine(url, time_left=patience)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def tenant(world: World) -> Tenant:
    """A tenant whose rows are the module's alone."""
    return world.new_tenant()


@pytest.fixture
def app(database: Database, tenant: Tenant) -> Iterator[Session]:
    """As the API's own role, in the tenant, with none of the API's code between."""
    with Session(database.app_url) as session:
        for name, value in (("tenant_id", tenant.id), ("user_id", tenant.admin.user["id"])):
            session.run(
                "SELECT set_config(:name, :value, false)", name=f"nexus.{name}", value=value
            )
        yield session


def answer(connection: pg.Connection, sql: str, *args: Any) -> Any:
    """The rows of one statement, None if it is not of the kind that has rows."""
    cursor = connection.cursor()
    cursor.execute(sql, args)
    return cursor.fetchall() if cursor.description else None
