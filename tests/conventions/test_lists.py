"""Every list behaves alike, those of no plain resource too."""

import json

import pytest

from tests.support.api import Api, Json
from tests.support.database import Session
from tests.support.documented import Filter, collections, filters, first_alike, sorts
from tests.support.people import Tenant, World

LISTS = collections()
# In a member that is not searched: to fold so much text for searches takes many times as long.
LARGE = """
    INSERT INTO configuration_items (id, tenant_id, name, attributes)
    SELECT nexus.ulid(), :tenant_id, 'Large ' || n, jsonb_build_object('notes', :text::text)
    FROM generate_series(1, 110) n
"""


def a_part(whole: list[Json]) -> int:
    """How many a page has where a list has several; of few records one."""
    return max(1, len(whole) // 4)


def query(asked: list[Filter], operator: str) -> dict[str, str]:
    values = {one.name: "true" if operator == "isnull" else one.example for one in asked}
    return {f"{name}__{operator}".removesuffix("__"): value for name, value in values.items()}


@pytest.fixture
def admin(place: Tenant) -> Api:
    return place.admin


@pytest.fixture
def tried(request: pytest.FixtureRequest) -> str | None:
    """The path of the list, where each of its members is tried."""
    template = str(request.node.callspec.params["path"])
    return template if template in first_alike() else None


def test_what_names_a_place_is_found_by_all_above() -> None:
    found = {path: {one.name for one in filters(path)} for path in LISTS}
    named = {path for path, names in found.items() if "location_id" in names}
    assert {"/assets", "/asset-repairs", "/schools"} <= named
    assert named == {path for path, names in found.items() if "location_id__within" in names}


def test_lists_are_found() -> None:
    assert {"/groups", "/me/sessions", "/me/tenants", "/audit-events"} <= set(LISTS)


@pytest.mark.parametrize("path", LISTS, indirect=True)
class TestEveryList:
    def test_pages_are_the_list(self, admin: Api, path: str) -> None:
        whole = admin.pages(path, sort="id", limit=200)
        assert len(whole) >= 2
        assert admin.get(path, sort="id", count="true", limit=200)["total"] == len(whole)
        part = a_part(whole)
        assert admin.pages(path, sort="id", limit=part) == whole
        assert admin.pages(path, sort="-id", limit=part + 1) == whole[::-1]
        assert same(admin.pages(path, limit=part), whole)

    def test_pages_by_each_sort_are_the_list(
        self, admin: Api, path: str, tried: str | None
    ) -> None:
        for name in sorts(tried) if tried else ():
            whole = admin.pages(path, sort=name, limit=200)
            assert admin.pages(path, sort=name, limit=a_part(whole)) == whole
            assert admin.pages(path, sort=f"-{name}", limit=a_part(whole) + 1) == whole[::-1]

    def test_a_range_alone_is_in_its_order(self, admin: Api, path: str, tried: str | None) -> None:
        """Page by page, all of it and nothing twice, from either end; all of it is counted. What is
        listed below something is in that of the ids."""
        for name in set(sorts(tried)) - {"id", "created_at"} if tried else ():
            below = {"sort": name} if tried and "{" in tried else {}
            whole = admin.pages(path, sort=name, limit=200)
            held = [item for item in whole if item[name] is not None]
            if len(held) < 2:
                continue
            for query, items in (
                ({f"{name}__gte": held[0][name], **below}, held),
                ({f"{name}__lte": held[-1][name], "sort": f"-{name}"}, held[::-1]),
            ):
                first = admin.get(path, **query, limit=a_part(held))
                behind = admin.get(path, **query, cursor=first["next"], limit=200, count="true")
                assert first["items"] + behind["items"] == items
                assert behind["total"] == len(items)

    def test_times_are_what_clients_keep_in_step_by(self, admin: Api, path: str) -> None:
        offered = admin.refused(400, "GET", f"{path}?sort=colour")["allowed"]
        assert {"id", "created_at"} <= set(offered)
        if "updated_at" in admin.items(path, limit=1)[0]:
            assert "updated_at" in offered
        assert not {"version", "archived_at", "is_root", "current"} & set(offered)

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

    def test_a_value_that_is_none_of_a_few_is_told_which_there_are(
        self, admin: Api, path: str, tried: str | None
    ) -> None:
        for one in filters(tried) if tried else ():
            if words := one.schema.get("enum"):
                told = admin.refused(400, "GET", path, params={one.name: "colour"})
                assert told["allowed"] == sorted(words)

    def test_every_documented_filter_is_taken(
        self, admin: Api, path: str, tried: str | None
    ) -> None:
        """All with an operator at once; then without those whose example is nobody's id."""
        found = filters(tried) if tried else ()
        for operator in {"", *(name for one in found for name in one.operators)}:
            asked = [one for one in found if not operator or operator in one.operators]
            answer = admin.send("GET", path, params=query(asked, operator))
            if answer.status_code == 422:
                taken = query(asked, operator)
                for error in answer.json()["errors"]:
                    del taken[error["pointer"][1:]]
                answer = admin.send("GET", path, params=taken)
            assert answer.status_code == 200, (operator, answer.text)


@pytest.mark.parametrize("letter", ["\u017c", '"', "\\"])
def test_a_page_ends_before_it_is_too_large(world: World, superuser: Session, letter: str) -> None:
    """Lambda hands 6 MB on, of an answer as a string in JSON."""
    tenant = world.new_tenant()
    superuser.run(LARGE, tenant_id=tenant.id, text=letter * 20_000)
    page = tenant.admin.expect(
        200, "GET", "/configuration-items", params={"limit": 200, "sort": "id"}
    )
    shown = page.json()
    sent = len(json.dumps(page.text, ensure_ascii=False).encode())
    assert 3_000_000 < sent < 4_200_000
    assert len(shown["items"]) < 110
    assert shown["next"] in page.headers["link"]
    paged = tenant.admin.pages("/configuration-items", limit=200, sort="id")
    assert len({item["id"] for item in paged}) == len(paged) == 110


def same(items: list[Json], others: list[Json]) -> bool:
    return sorted(i["id"] for i in items) == sorted(i["id"] for i in others)
