"""Jobs in this process, as the role that they have."""

from typing import Any, Protocol

import pytest
from ulid import ULID

from housekeeping.app import perform
from housekeeping.work import TimeLeft
from tests.support.people import Tenant, World
from tests.support.stack import Database, kernel

Report = dict[str, Any]


class Job(Protocol):
    """Runs one, with as much time as it takes."""

    def __call__(
        self, name: str, *, is_dry: bool = False, time_left: TimeLeft = lambda: 60
    ) -> Report: ...


@pytest.fixture
def job(database: Database) -> Job:
    def run(name: str, *, is_dry: bool = False, time_left: TimeLeft = lambda: 60) -> Report:
        with kernel(**database.variables(database.jobs_url)):
            return perform(name, time_left, str(ULID()), is_dry=is_dry)

    return run


@pytest.fixture
def district(world: World) -> Tenant:
    """A tenant of this test's own."""
    return world.new_tenant()
