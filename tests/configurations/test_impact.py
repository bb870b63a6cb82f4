"""Impact: up- and downstream, through circles, each item once by a shortest path, and capped."""

import itertools

import pytest

from configurations.impact import MAX_ITEMS
from tests.contract.resource import NOBODYS_ID
from tests.support.api import Api, Json
from tests.support.database import Session
from tests.support.people import Tenant
from tests.support.records import new_item, relate


def impact(api: Api, start: Json, **query: object) -> Json:
    """Paths by depth, in letters."""
    answer: Json = api.get(f"/configuration-items/{start['id']}/impact", **query)
    return answer


def found(answer: Json) -> dict[str, int]:
    return {item["name"]: item["depth"] for item in answer["items"]}


@pytest.fixture
def api(tenant: Tenant) -> Api:
    return tenant.member


@pytest.fixture
def chain(api: Api) -> list[Json]:
    """Twelve items, each of which stands on the one before it."""
    items = [new_item(api) for _ in range(12)]
    for below, above in itertools.pairwise(items):
        relate(api, above, below)
    return items


def test_downstream_is_what_breaks_with_an_item(api: Api, chain: list[Json]) -> None:
    answer = impact(api, chain[5])
    assert answer == impact(api, chain[5], direction="downstream", depth=3)
    assert answer == {
        "items": [
            {
                "id": chain[5 + depth]["id"],
                "name": chain[5 + depth]["name"],
                "depth": depth,
                "path": [item["id"] for item in chain[5 : 6 + depth]],
            }
            for depth in (1, 2, 3)
        ],
        "truncated": False,
    }


def test_upstream_is_what_an_item_stands_on(api: Api, chain: list[Json]) -> None:
    answer = impact(api, chain[5], direction="upstream", depth=2)
    assert found(answer) == {chain[4]["name"]: 1, chain[3]["name"]: 2}
    assert answer["items"][1]["path"] == [chain[n]["id"] for n in (5, 4, 3)]


@pytest.mark.parametrize("depth", [1, 2, 10])
def test_a_walk_ends_at_its_depth(api: Api, chain: list[Json], depth: int) -> None:
    answer = impact(api, chain[0], depth=depth)
    assert found(answer) == {chain[n]["name"]: n for n in range(1, depth + 1)}
    assert answer["truncated"] is False


def test_a_circle_is_walked_once(api: Api) -> None:
    one, two, three = (new_item(api) for _ in range(3))
    for source, target in ((one, two), (two, three), (three, one)):
        relate(api, source, target)
    assert found(impact(api, one, depth=10)) == {three["name"]: 1, two["name"]: 2}
    upstream = impact(api, one, depth=10, direction="upstream")
    assert found(upstream) == {two["name"]: 1, three["name"]: 2}


def test_the_shortest_of_several_ways_is_told(api: Api) -> None:
    start, left, right, end, beyond = (new_item(api) for _ in range(5))
    for source, target in ((left, start), (right, left), (end, right), (end, start),
                           (beyond, end), (beyond, right)):  # fmt: skip
        relate(api, source, target)
    relate(api, end, start, "connects_to")
    answer = impact(api, start, depth=10)
    assert found(answer) == {left["name"]: 1, end["name"]: 1, right["name"]: 2, beyond["name"]: 2}
    paths = {item["name"]: item["path"] for item in answer["items"]}
    assert paths[beyond["name"]] == [start["id"], end["id"], beyond["id"]]


def test_layers_that_cross_do_not_explode(api: Api) -> None:
    layers = [[new_item(api) for _ in range(5)] for _ in range(5)]
    for below, above in itertools.pairwise(layers):
        for source in above:
            for target in below:
                relate(api, source, target)
    answer = impact(api, layers[0][0], depth=10)
    assert len(answer["items"]) == len({item["id"] for item in answer["items"]}) == 20
    assert [item["depth"] for item in answer["items"]] == [1] * 5 + [2] * 5 + [3] * 5 + [4] * 5


def test_archived_items_are_left_out_and_not_walked_through(api: Api, chain: list[Json]) -> None:
    api.act(f"/configuration-items/{chain[2]['id']}/archive")
    assert found(impact(api, chain[0], depth=10)) == {chain[1]["name"]: 1}
    assert found(impact(api, chain[2], depth=1)) == {chain[3]["name"]: 1}


@pytest.mark.parametrize(
    "query",
    ["depth=0", "depth=11", "depth=x", "depth=", "direction=up", "limit=3", "depth=1&depth=2"],
)
def test_what_is_unknown_or_out_of_range_is_refused(api: Api, query: str) -> None:
    item = new_item(api)
    api.refused(400, "GET", f"/configuration-items/{item['id']}/impact?{query}")


def test_the_impact_of_nobodys_item_is_not_found(tenant: Tenant, other_tenant: Tenant) -> None:
    theirs = new_item(other_tenant.member)
    for id_ in (theirs["id"], NOBODYS_ID, "x"):
        tenant.member.refused(404, "GET", f"/configuration-items/{id_}/impact")


@pytest.mark.parametrize("more", [0, 1])
def test_past_ten_thousand_items_it_stops(api: Api, superuser: Session, more: int) -> None:
    start = new_item(api)
    below = """
        WITH made AS (
            INSERT INTO configuration_items (id, tenant_id, name)
            SELECT nexus.ulid(), :tenant, 'Item ' || nexus.ulid() FROM generate_series(1, :count)
            RETURNING id
        ) INSERT INTO relationships (id, tenant_id, source_id, target_id, relationship_type)
        SELECT nexus.ulid(), :tenant, id, :start, 'depends_on' FROM made
    """
    superuser.run(below, tenant=api.tenant_id, start=start["id"], count=MAX_ITEMS + more)
    answer = impact(api, start)
    assert len(answer["items"]) == MAX_ITEMS
    assert answer["truncated"] is bool(more)
