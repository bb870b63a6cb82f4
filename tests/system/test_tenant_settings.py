"""Settings of a tenant: typed, patched member by member, with defaults for what was never set."""

from typing import Any

import pytest

from tests.support.api import pointers
from tests.support.people import World

DEFAULTS = {
    "region": None,
    "time_zone": "UTC",
    "roll_school_year": False,
    "archive_closed_issues_after_days": None,
    "purge_archived_after_days": None,
    "export_audit_events_after_days": None,
}


def test_a_new_tenant_has_defaults(world: World) -> None:
    tenant = world.new_tenant()
    shown = tenant.admin.get(f"/tenants/{tenant.id}")
    assert (shown["settings"], shown["version"]) == (DEFAULTS, 1)
    assert tenant.member.get("/me/current-tenant")["settings"] == DEFAULTS


def test_settings_are_patched_member_by_member(world: World) -> None:
    tenant = world.new_tenant()
    path = f"/tenants/{tenant.id}"
    for number, change in enumerate(({"region": "FR"}, {"time_zone": "Europe/Paris"}), 2):
        assert tenant.admin.patch(path, {"settings": change})["version"] == number
    both = {**DEFAULTS, "region": "FR", "time_zone": "Europe/Paris"}
    assert tenant.admin.get(path)["settings"] == both
    cleared = tenant.admin.patch(path, {"settings": {"region": None}})
    assert (cleared["settings"], cleared["version"]) == ({**both, "region": None}, 4)


@pytest.mark.parametrize("same", [{}, {"region": None}, {"time_zone": "UTC"}, DEFAULTS], ids=repr)
def test_what_changes_nothing_changes_no_version(world: World, same: dict[str, Any]) -> None:
    tenant = world.new_tenant()
    assert tenant.admin.patch(f"/tenants/{tenant.id}", {"settings": same})["version"] == 1


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("region", "fr"),
        ("region", "ZZ"),
        ("region", "FRA"),
        ("time_zone", None),
        ("time_zone", "localtime"),
        ("colour", "red"),
    ],
)
def test_settings_are_validated(world: World, member: str, value: Any) -> None:
    tenant = world.new_tenant()
    body = {"settings": {member: value}}
    problem = tenant.admin.refused(422, "PATCH", f"/tenants/{tenant.id}", body)
    assert pointers(problem) == [f"/settings/{member}"]


def test_there_are_always_settings(world: World) -> None:
    tenant = world.new_tenant()
    tenant.admin.refused(422, "PATCH", f"/tenants/{tenant.id}", {"settings": None})
