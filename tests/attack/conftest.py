"""What the faults strike: a PostgreSQL, a PgBouncer and servers of this folder's own."""

from collections.abc import Iterator

import pytest

from tests.attack.target import Target, target
from tests.support.api import Api, connect
from tests.support.people import Tenant, World


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    with target(tmp_path_factory.mktemp("attack")) as found:
        yield found


@pytest.fixture(scope="module")
def attacked_tenant(attacked: Target) -> Iterator[Tenant]:
    address = attacked.servers["direct"].address
    with connect(address) as http:
        yield World(address, http, Api(http)).new_tenant()
