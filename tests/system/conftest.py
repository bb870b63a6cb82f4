"""What tests of accounts share."""

from collections.abc import Iterator

import httpx
import pytest

from tests.support.api import connect
from tests.support.stack import Database, serving


@pytest.fixture(scope="session")
def closed(database: Database) -> Iterator[httpx.Client]:
    """The same API as it is deployed: nobody signs up, root administrators make tenants."""
    with (
        serving(
            database, workers=1, NEXUS_SIGN_UP="closed", NEXUS_TENANT_CREATION="root"
        ) as address,
        connect(address) as http,
    ):
        yield http


@pytest.fixture(scope="session")
def limited(database: Database) -> Iterator[str]:
    """The address of the same API with limits on what is made."""
    with serving(database, NEXUS_SIGN_UPS_PER_HOUR="3", NEXUS_TENANTS_PER_DAY="2") as address:
        yield address
