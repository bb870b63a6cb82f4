"""With the application's own tenant filter switched off the policies alone keep tenants apart."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import true

from nexus.db.statements import forget
from nexus.records.reading import CatalogRecords, Records
from tests.support.api import Api, Json
from tests.support.people import Tenant, unique

type Inside = Callable[[Api], Api]


@pytest.fixture
def foreigner(
    inside: Inside, other_tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Api]:
    """What was compiled with the filter is made anew without it, and with it afterwards."""
    with monkeypatch.context() as patch:
        for records in (Records, CatalogRecords):
            patch.setattr(records, "visible", classmethod(lambda _: true()))
        forget()
        yield inside(other_tenant.admin)
    forget()


@pytest.fixture
def group(tenant: Tenant) -> Json:
    group = tenant.new_group()
    tenant.add(group, user_id=tenant.member.user["id"])
    return group


def test_the_filter_is_off(foreigner: Api) -> None:
    from system.groups import Groups

    assert foreigner
    assert str(Groups.visible()) == "true"


def test_a_foreign_record_is_still_not_found(foreigner: Api, group: Json) -> None:
    path = f"/groups/{group['id']}"
    foreigner.refused(404, "GET", path)
    foreigner.refused(404, "PATCH", path, {"name": unique("Taken over")})
    foreigner.refused(404, "DELETE", path)
    foreigner.refused(404, "POST", f"{path}/archive")
    foreigner.refused(404, "GET", f"{path}/memberships")


def test_lists_still_show_the_own_alone(foreigner: Api, other_tenant: Tenant, group: Json) -> None:
    assert group
    groups = foreigner.pages("/groups", limit=200, archived="any")
    assert {item["tenant_id"] for item in groups} == {other_tenant.id}
    assert foreigner.items("/groups", id=group["id"]) == []
    assert foreigner.items("/groups", q=group["name"]) == []
    assert foreigner.get("/groups", id=group["id"], count="true")["total"] == 0


def test_users_and_audit_events_stay_apart_too(
    foreigner: Api, tenant: Tenant, other_tenant: Tenant
) -> None:
    foreigner.refused(404, "GET", f"/users/{tenant.member.user['id']}")
    assert foreigner.items("/users", id=tenant.member.user["id"]) == []
    events = foreigner.pages("/audit-events", limit=200)
    assert {event["tenant_id"] for event in events} == {other_tenant.id}
