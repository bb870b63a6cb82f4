"""An administrator, and what most tests of assets begin with."""

import pytest

from tests.support.api import Api, Json
from tests.support.assets import new_asset
from tests.support.makers import new_person
from tests.support.people import Tenant


@pytest.fixture
def api(tenant: Tenant) -> Api:
    return tenant.admin


@pytest.fixture
def asset(api: Api) -> Json:
    return new_asset(api)


@pytest.fixture
def person(api: Api) -> Json:
    return new_person(api)
