"""A tenant that is out of reach costs what one costs that is not there."""

from collections.abc import Iterator

import pytest

from tests.contract.resource import NOBODYS_ID
from tests.support.database import Session
from tests.support.people import Tenant

CALLED = """
    SELECT funcname, sum(calls)::integer AS calls FROM pg_stat_xact_user_functions
    WHERE schemaname = 'nexus' GROUP BY 1
"""


@pytest.fixture
def counted(superuser: Session, tenant: Tenant) -> Iterator[Session]:
    """As the API's role in a tenant, with functions counted."""
    with superuser.undone():
        superuser.run("SET LOCAL track_functions = 'all'")
        superuser.run("SET LOCAL ROLE nexus_app")
        reached = {
            "user_id": tenant.admin.user["id"],
            "tenant_id": tenant.id,
            "reached_tenants": tenant.id,
        }
        for name, value in reached.items():
            superuser.run(
                "SELECT set_config(:name, :value, true)", name=f"nexus.{name}", value=value
            )
        yield superuser


def calls(counted: Session, statement: str, **values: str) -> dict[str, int]:
    before = {row["funcname"]: row["calls"] for row in counted.run(CALLED)}
    assert counted.count(statement, **values) == 0
    after = {row["funcname"]: row["calls"] for row in counted.run(CALLED)}
    return {name: number - before.get(name, 0) for name, number in after.items()}


@pytest.mark.parametrize(
    "statement",
    ["SELECT id FROM tenants WHERE id = :id", "UPDATE tenants SET name = 'x' WHERE id = :id"],
)
def test_the_same_functions_run(counted: Session, other_tenant: Tenant, statement: str) -> None:
    foreign = calls(counted, statement, id=other_tenant.id)
    assert foreign == calls(counted, statement, id=NOBODYS_ID)
