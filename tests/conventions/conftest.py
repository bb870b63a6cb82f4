"""All apps in this process, for what can only be seen from within; a tenant with some of all."""

import asyncio
import importlib
from collections.abc import Callable, Iterator

import httpx
import pytest
from starlette.types import ASGIApp

from infra.modules import MODULES
from local.gateway import Gateway, load
from nexus.app import create_app
from tests.conventions.sample_tenant import SampleTenant, filled, sample_tenant
from tests.support.api import Api
from tests.support.envelope import check_envelope
from tests.support.people import World
from tests.support.stack import Database, kernel

ORIGIN = "https://desk.example.org"


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


@pytest.fixture(scope="module")
def modules() -> Iterator[dict[str, httpx.Client]]:
    """Each module's app by itself, as a function has it, for a browser of one origin."""
    with kernel(NEXUS_DATABASE_URL="none", NEXUS_CORS_ORIGINS=ORIGIN, NEXUS_LOG_LEVEL="ERROR"):
        yield {
            name: httpx.Client(
                base_url="http://nexus",
                transport=InProcess(
                    create_app(name, importlib.import_module(f"{name}.routes").router)
                ),
            )
            for name in MODULES
        }


@pytest.fixture
def inside(gateway: Gateway, database: Database) -> Iterator[Callable[[Api], Api]]:
    """Takes a caller to the apps in this process."""
    hooks = {"response": [check_envelope]}
    with (
        kernel(**database.variables(database.app_url)),
        httpx.Client(
            base_url="http://testserver", transport=InProcess(gateway), event_hooks=hooks
        ) as http,
    ):
        yield lambda caller: caller.through(http)


@pytest.fixture(scope="module")
def place(world: World) -> SampleTenant:
    return sample_tenant(world)


@pytest.fixture
def path(place: SampleTenant, request: pytest.FixtureRequest) -> str:
    """The path of the document that a test is for, leading somewhere."""
    return filled(request.param, place)
