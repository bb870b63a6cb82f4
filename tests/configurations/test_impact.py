"""Impact: up- and downstream, through circles, each item once by a shortest path, and capped."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from configurations.configuration_items.impact import MAX_DEPTH, MAX_ITEMS
from tests.contract.resource import NOBODYS_ID
from tests.support.api import Api, Json
from tests.support.database import Session
from tests.support.makers import new_item, relate
from tests.support.people import Tenant


def impact(api: Api, start: Json, **query: object) -> Json:
    """What the API answers with."""
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


def test_layers_that_cross_do_not_explode(api: Api, superuser: Session) -> None:
    """A billion ways lead to the tenth layer."""
    start = new_item(api)
    layers = """
        WITH made AS (
            INSERT INTO configuration_items (id, tenant_id, name)
            SELECT nexus.ulid(), :tenant, concat_ws('/', layer, place, nexus.ulid())
            FROM generate_series(1, 10) AS layer, generate_series(1, 10) AS place
            RETURNING id, split_part(name, '/', 1)::integer AS layer
        ), item AS (SELECT id, layer FROM made UNION ALL SELECT :start, 0)
        INSERT INTO relationships (id, tenant_id, source_id, target_id, relationship_type)
        SELECT nexus.ulid(), :tenant, above.id, below.id, 'depends_on'
        FROM item AS above JOIN item AS below ON above.layer = below.layer + 1
    """
    superuser.run(layers, tenant=api.tenant_id, start=start["id"])
    with superuser.undone():
        superuser.run("SET LOCAL statement_timeout = '5s'")
        assert reached(superuser, api, start) == 100
    answer = impact(api, start, depth=10)
    assert len({item["id"] for item in answer["items"]}) == 100
    assert [i["depth"] for i in answer["items"]] == [n for n in range(1, 11) for _ in range(10)]


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


def pile(superuser: Session, api: Api, below: str, count: int) -> list[str]:
    """New items that stand on one."""
    made = """
        WITH made AS (
            INSERT INTO configuration_items (id, tenant_id, name)
            SELECT nexus.ulid(), :tenant, 'Item ' || nexus.ulid() FROM generate_series(1, :count)
            RETURNING id
        ) INSERT INTO relationships (id, tenant_id, source_id, target_id, relationship_type)
        SELECT nexus.ulid(), :tenant, id, :below, 'depends_on' FROM made RETURNING source_id
    """
    # No trigger runs: it would write an event for each of so many rows, which takes seconds.
    superuser.run("SET session_replication_role = replica")
    try:
        return superuser.column(made, tenant=api.tenant_id, below=below, count=count)
    finally:
        superuser.run("RESET session_replication_role")


@contextmanager
def with_more(superuser: Session, api: Api, below: str, count: int) -> Iterator[None]:
    """A few more items that stand on one, and no longer afterwards."""
    made = pile(superuser, api, below, count)
    try:
        yield
    finally:
        superuser.run(
            "DELETE FROM relationships WHERE tenant_id = :tenant AND source_id = ANY (:made)",
            tenant=api.tenant_id,
            made=made,
        )


def reached(superuser: Session, api: Api, start: Json) -> int:
    """How many rows the database hands over."""
    rows = "SELECT count(*) FROM nexus.impact(:tenant, :start, false, :depth, :most)"
    asked = {"tenant": api.tenant_id, "start": start["id"]}
    return int(superuser.value(rows, **asked, depth=MAX_DEPTH, most=MAX_ITEMS + 1))


@pytest.fixture(scope="module")
def start(tenant: Tenant) -> Json:
    return new_item(tenant.member)


@pytest.fixture(scope="module")
def first(tenant: Tenant, superuser: Session, start: Json) -> str:
    """The first of one fewer, made once for all these tests."""
    first, *_ = pile(superuser, tenant.member, start["id"], MAX_ITEMS - 1)
    return first


@pytest.mark.parametrize("more", [0, 1])
@pytest.mark.usefixtures("first")
def test_past_ten_thousand_items_it_stops(
    api: Api, superuser: Session, start: Json, more: int
) -> None:
    with with_more(superuser, api, start["id"], 1 + more):
        answer = impact(api, start)
    assert len(answer["items"]) == MAX_ITEMS
    assert answer["truncated"] is bool(more)


def test_it_stops_within_a_level_that_holds_more(
    api: Api, superuser: Session, start: Json, first: str
) -> None:
    with with_more(superuser, api, first, 5):
        answer = impact(api, start)
        assert reached(superuser, api, start) == MAX_ITEMS + 1
    assert [item["depth"] for item in answer["items"]] == [1] * (MAX_ITEMS - 1) + [2]
    assert answer["truncated"] is True
