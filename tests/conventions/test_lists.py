"""Every list behaves alike, those of no plain resource too."""

from typing import Any

import pytest

from tests.conventions.sample_tenant import PATHS, parameters
from tests.support.api import Api, Json
from tests.support.people import Tenant

LISTS = sorted(path for path in PATHS if "limit" in parameters(path))


@pytest.fixture
def admin(place: Tenant) -> Api:
    return place.admin


def test_lists_are_found() -> None:
    assert {"/groups", "/me/sessions", "/me/tenants", "/audit-events"} <= set(LISTS)
    assert len(LISTS) == 20


@pytest.mark.parametrize("path", LISTS, indirect=True)
class TestEveryList:
    def test_pages_are_the_list(self, admin: Api, path: str) -> None:
        whole = admin.get(path, sort="id", count="true", limit=200)
        assert len(whole["items"]) >= 2
        assert whole["next"] is None
        assert whole["total"] == len(whole["items"])
        assert admin.pages(path, sort="id", limit=1) == whole["items"]
        assert admin.pages(path, sort="-id", limit=2) == whole["items"][::-1]
        assert same(admin.pages(path, limit=1), whole["items"])

    def test_members_are_chosen(self, admin: Api, path: str) -> None:
        items = admin.items(path, fields="id", sort="id", limit=200)
        assert all(item.keys() == {"id"} for item in items)
        assert [item["id"] for item in items] == [
            item["id"] for item in admin.items(path, sort="id", limit=200)
        ]

    def test_one_is_filtered_by_id(self, admin: Api, path: str) -> None:
        (first, second, *_) = admin.items(path, sort="id")
        assert admin.items(path, id=first["id"]) == [first]
        assert admin.items(path, sort="id", id__in=f"{first['id']},{second['id']}") == [
            first,
            second,
        ]
        assert admin.items(path, sort="id", id__gt=first["id"], limit=1) == [second]

    def test_what_is_wrong_is_refused(self, admin: Api, path: str) -> None:
        for query in ("colour=red", "limit=0", "limit=201", "cursor=x", "sort=colour", "id__x=1"):
            admin.refused(400, "GET", f"{path}?{query}")
        for query in ("fields=colour", "expand=colour", "count=x"):
            admin.refused(400, "GET", f"{path}?{query}")

    def test_every_documented_parameter_is_taken(
        self, admin: Api, path: str, request: pytest.FixtureRequest
    ) -> None:
        template = request.node.callspec.params["path"]
        for name in parameters(template) - {"cursor"}:
            if name.endswith("_id") and f"{{{name}}}" in template:
                continue
            answer = admin.send("GET", path, params={name: example(name)})
            assert answer.status_code in {200, 422}, (name, answer.text)


def example(name: str) -> Any:
    """A value that a parameter takes, by its name."""
    known: Json = {
        "action": "insert",
        "kind": "users",
        "direction": "outgoing",
        "depth": 0,
        "limit": 1,
        "count": "true",
        "sort": "id",
        "fields": "id",
        "expand": "",
    }
    known |= {"archived": "any", "scope": "all", "version": 1, "current": "true"}
    known |= {"type": "other", "sort_order": 0}
    if name.endswith(("_at", "_at__gte")):
        return "2026-01-01T00:00:00Z"
    return known.get(name.partition("__")[0], "true" if name.startswith("is_") else "x")


def same(items: list[Json], others: list[Json]) -> bool:
    return sorted(i["id"] for i in items) == sorted(i["id"] for i in others)
