"""A tenant with some of all."""

import pytest

from tests.support.people import World
from tests.support.sample_tenant import SampleTenant, filled, sample_tenant


@pytest.fixture(scope="module")
def place(world: World) -> SampleTenant:
    return sample_tenant(world)


@pytest.fixture
def path(place: SampleTenant, request: pytest.FixtureRequest) -> str:
    """The path of the document that a test is for, leading somewhere."""
    return filled(request.param, place)
