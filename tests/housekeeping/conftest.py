"""Jobs in this process, as the role that they have."""

from collections.abc import Iterator
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
        self, name: str, *, is_dry: bool = False, time_left: TimeLeft = lambda: 295
    ) -> Report: ...


@pytest.fixture
def job(database: Database) -> Job:
    def run(name: str, *, is_dry: bool = False, time_left: TimeLeft = lambda: 295) -> Report:
        with kernel(**database.variables(database.jobs_url)):
            return perform(name, time_left, str(ULID()), is_dry=is_dry)

    return run


@pytest.fixture
def district(world: World) -> Iterator[Tenant]:
    """A tenant of this test's own, of which later jobs want nothing."""
    tenant = world.new_tenant()
    yield tenant
    ask_nothing(tenant)


def configure(district: Tenant, **settings: Any) -> None:
    district.admin.patch(f"/tenants/{district.id}", {"settings": settings})


def ask_nothing(tenant: Tenant) -> None:
    """What a test left undone is no other's to do."""
    settings = {
        "roll_school_year": False,
        "archive_closed_issues_after_days": None,
        "purge_archived_after_days": None,
        "export_audit_events_after_days": None,
    }
    configure(tenant, **settings)
