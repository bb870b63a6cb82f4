"""All apps in this process, for what can only be seen from within; a tenant with some of all."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import httpx
import pytest
from sqlalchemy import make_url
from starlette.types import ASGIApp

from local.gateway import Gateway, load
from tests.conventions.sample_tenant import SampleTenant, filled, sample_tenant
from tests.support.api import Api
from tests.support.envelope import check_envelope
from tests.support.people import World
from tests.support.stack import Database, kernel

type Reaching = Callable[[str], AbstractContextManager[httpx.Client]]


class InProcess(httpx.BaseTransport):
    """Calls an app where a server would, one request after another."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = httpx.ASGITransport(app, raise_app_exceptions=False)
        self._loop = asyncio.new_event_loop()  # not made the current one: Mangum makes its own

    def close(self) -> None:
        self._loop.close()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._loop.run_until_complete(self._answer(request))

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        answer = await self._app.handle_async_request(request)
        content = await answer.aread()
        return httpx.Response(answer.status_code, headers=answer.headers, content=content)


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


@pytest.fixture(scope="module")
def place(world: World) -> SampleTenant:
    return sample_tenant(world)


@pytest.fixture
def path(place: SampleTenant, request: pytest.FixtureRequest) -> str:
    """The path of the document that a test is for, leading somewhere."""
    return filled(request.param, place)


def at(database: Database, *, port: int | None = None, host: str = "", password: str = "") -> str:
    """The database's URL, with a part of it replaced."""
    url = make_url(database.app_url)
    url = url.set(port=port or url.port, host=host or url.host, password=password or url.password)
    return url.render_as_string(hide_password=False)
