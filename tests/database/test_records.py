"""What the database itself keeps of a record: its times and its version."""

import pytest

from tests.support.database import Session
from tests.support.people import Tenant


@pytest.mark.parametrize(
    ("ulid", "moment"),
    [
        ("01KDVDNA000000000000000001", "2026-01-01 00:00:00+00"),
        ("01ARYZ6S410000000000000000", "2016-07-30 22:36:16.385+00"),
        ("0" * 26, "1970-01-01 00:00:00+00"),
        ("T1".rjust(26, "0"), "1970-01-01 00:00:00+00"),
    ],
)
def test_the_time_in_a_ulid_is_read(superuser: Session, ulid: str, moment: str) -> None:
    same = "SELECT nexus.ulid_time(:ulid) = CAST(:moment AS timestamptz)"
    assert superuser.value(same, ulid=ulid, moment=moment)


@pytest.mark.parametrize("ulid", ["7" + "Z" * 25, "Z" * 26])
def test_any_ulid_has_a_time(superuser: Session, ulid: str) -> None:
    assert superuser.value("SELECT nexus.ulid_time(:ulid) > now()", ulid=ulid)


def test_a_made_ulid_holds_the_present(superuser: Session) -> None:
    age = "SELECT extract(epoch FROM clock_timestamp() - nexus.ulid_time(nexus.ulid()))"
    assert abs(superuser.value(age)) < 1


def test_a_record_was_made_when_its_id_was(superuser: Session, tenant: Tenant) -> None:
    sql = "SELECT created_at = nexus.ulid_time(id) AND updated_at = created_at FROM groups"
    assert set(superuser.column(f"{sql} WHERE tenant_id = :id", id=tenant.id)) == {True}


def test_a_change_moves_the_time_strictly_forward(superuser: Session, tenant: Tenant) -> None:
    """Even within one transaction, and where another clock was ahead of the database's."""
    group = tenant.new_group()
    moved = "UPDATE groups SET description = :text WHERE id = :id RETURNING updated_at, version"
    with superuser.undone():
        seen = [superuser.run(moved, text=text, id=group["id"])[0] for text in "abc"]
        superuser.run("SET LOCAL session_replication_role = replica")
        ahead = "UPDATE groups SET updated_at = now() + interval '1 day' WHERE id = :id"
        superuser.run(ahead, id=group["id"])
        superuser.run("SET LOCAL session_replication_role = origin")
        tomorrow = superuser.value("SELECT now() + interval '1 day'")
        last = superuser.run(moved, text="d", id=group["id"])[0]
    times = [row["updated_at"] for row in seen]
    assert times == sorted(set(times))
    assert [row["version"] for row in (*seen, last)] == [2, 3, 4, 5]
    assert last["updated_at"] > tomorrow


@pytest.mark.parametrize("table", ["tenants", "groups", "users", "persons", "locations"])
def test_a_write_that_changes_nothing_moves_nothing(
    superuser: Session, tenant: Tenant, table: str
) -> None:
    """Also where columns are made of others, which a trigger before the write does not see."""
    tenant.admin.post("/persons", {"identity": {"first_name": "Zoë", "last_name": "Ito"}})
    (kind,) = tenant.admin.items("/location-types", name="Room", scope="shared")
    tenant.admin.post("/locations", {"name": table, "type_id": kind["id"]})
    with superuser.undone():
        changed = f"UPDATE {table} SET version = 99, updated_at = now()"
        versions = f"SELECT id, version, updated_at FROM {table} ORDER BY id"
        before = superuser.run(versions)
        superuser.run(changed)
        assert superuser.run(versions) == before


def test_an_audit_event_happened_when_its_id_says(superuser: Session, tenant: Tenant) -> None:
    sql = "SELECT count(*) FROM audit_events WHERE occurred_at <> nexus.ulid_time(id)"
    assert tenant
    assert superuser.value(sql) == 0


@pytest.mark.parametrize(
    ("settings", "constraint"),
    [("[]", "ck_tenants_settings"), ('{"x": "' + "x" * 8200 + '"}', "ck_tenants_settings_size")],
)
def test_settings_of_a_tenant_are_a_small_object(
    superuser: Session, tenant: Tenant, settings: str, constraint: str
) -> None:
    sql = "UPDATE tenants SET settings = CAST(:settings AS jsonb) WHERE id = :id"
    assert constraint in superuser.refusal(sql, settings=settings, id=tenant.id)
