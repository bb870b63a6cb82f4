"""A tenant with some of all."""

import importlib
from collections.abc import Iterator

import httpx
import pytest

from infra.modules import MODULES
from nexus.app import create_app
from tests.support.inside import InProcess
from tests.support.people import World
from tests.support.sample_tenant import SampleTenant, filled, sample_tenant
from tests.support.stack import NOWHERE, kernel

ORIGIN = "https://desk.example.org"


@pytest.fixture(scope="module")
def modules() -> Iterator[dict[str, httpx.Client]]:
    """Each module's app by itself, as a function has it, for a browser of one origin."""
    with kernel(NEXUS_DATABASE_URL=NOWHERE, NEXUS_CORS_ORIGINS=ORIGIN, NEXUS_LOG_LEVEL="ERROR"):
        yield {
            name: httpx.Client(
                base_url="http://nexus",
                transport=InProcess(
                    create_app(name, importlib.import_module(f"{name}.routes").router)
                ),
            )
            for name in MODULES
        }


@pytest.fixture(scope="module")
def place(world: World) -> SampleTenant:
    return sample_tenant(world)


@pytest.fixture
def path(place: SampleTenant, request: pytest.FixtureRequest) -> str:
    """The path of the document that a test is for, leading somewhere."""
    return filled(request.param, place)
