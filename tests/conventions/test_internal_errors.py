"""A bug is a 500 that tells nothing, and leaves the connection as it should be."""

from collections.abc import Callable

import pytest

from system.groups import Groups
from tests.support.api import Api, slug
from tests.support.people import Tenant, unique

type Inside = Callable[[Api], Api]


def test_a_bug_tells_nothing_and_changes_nothing(
    inside: Inside, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin, name = inside(tenant.admin), unique("Undone")
    insert = Groups.insert

    def fail(self: Groups, values: dict[str, object]) -> dict[str, object]:
        insert(self, values)
        raise RuntimeError("what only we may know")

    monkeypatch.setattr(Groups, "insert", fail)
    problem = admin.refused(500, "POST", "/groups", {"name": name})
    assert "what only we may know" not in str(problem)
    assert slug(problem) == "internal-error"
    assert admin.items("/groups", name=name) == []
    monkeypatch.undo()


def test_a_bug_in_sql_tells_no_sql(
    inside: Inside, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = inside(tenant.admin)

    def fail(self: Groups, _: str) -> None:
        self.scope.connection.exec_driver_sql("SELECT nonsense FROM groups")

    monkeypatch.setattr(Groups, "lock", fail)
    group = tenant.new_group()
    problem = admin.refused(500, "PATCH", f"/groups/{group['id']}", {"name": "x"})
    assert "nonsense" not in str(problem)
    assert admin.get(f"/groups/{group['id']}") == group
