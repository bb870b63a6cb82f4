"""Records that a class of tests reads, made once; and what its tests are made for, one by one."""

from typing import Any

import pytest

from tests.contract.resource import Resource
from tests.support.api import Api, Json
from tests.support.documented import filters, sorts
from tests.support.makers import ids_for
from tests.support.people import Tenant


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """For each sort and each filter that the document offers."""
    resource: Any = metafunc.cls
    if "offered_sort" in metafunc.fixturenames:
        metafunc.parametrize("offered_sort", sorts(resource.path))
    if "offered_filter" in metafunc.fixturenames:
        found = list(filters(resource.path))
        metafunc.parametrize("offered_filter", found, ids=[one.name for one in found])


@pytest.fixture(scope="session")
def writer(tenant: Tenant) -> Api:
    return tenant.admin


@pytest.fixture(scope="class")
def resource(request: pytest.FixtureRequest, writer: Api) -> Resource:
    """Placed below parents of its own."""
    request.cls.ids = ids_for(writer, request.cls.path)
    found: Resource = request.cls()
    return found


@pytest.fixture(autouse=True)
def _placed(request: pytest.FixtureRequest) -> None:
    if request.cls:
        request.getfixturevalue("resource")


@pytest.fixture
def fresh(resource: Resource, writer: Api) -> Json:
    """One for this test alone."""
    return resource.new(writer)


@pytest.fixture(scope="class")
def records(resource: Resource, writer: Api) -> list[Json]:
    """Three that nobody changes."""
    return [resource.new(writer) for _ in range(3)]


@pytest.fixture(scope="class")
def record(records: list[Json]) -> Json:
    """One that nobody changes."""
    return records[0]


@pytest.fixture(scope="class")
def letters(resource: Resource, writer: Api) -> list[Json]:
    """Five that nobody changes, whose labels begin alike and end in a letter each."""
    return resource.lettered(writer)


@pytest.fixture(scope="class")
def kept(resource: Resource, writer: Api) -> Json:
    """An archived one that nobody changes."""
    answer: Json = writer.act(f"{resource.at(resource.new(writer))}/archive")
    return answer


@pytest.fixture(scope="class")
def sought(resource: Resource, writer: Api) -> Json:
    """One to search for, that nobody changes."""
    return resource.named(writer, f"{resource.label_text('Sought')} Crème Brûlée Übung Straße Łódź")
