"""Asset types keep the contract: a catalog; what they nest in stays a tree."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from tests.contract.plain import PlainCatalogContract
from tests.contract.resource import NOBODYS_ID
from tests.support.api import Api, Json, pointers, slug
from tests.support.database import Session
from tests.support.makers import MAKERS, shared
from tests.support.people import Tenant, World, unique
from tests.support.races import at_once, eventually

LEVELS = 20


class TestAssetTypes(PlainCatalogContract):
    path = "/asset-types"
    references = {"parent_id": "asset_type_id", "ancestor_id": "asset_type_id"}


def new_type(api: Api, parent: Json | str | None = None, **given: str) -> Json:
    parent_id = parent["id"] if isinstance(parent, dict) else parent
    return MAKERS["asset_type_id"].new(api, {}, parent_id=parent_id, **given)


def chain(api: Api, count: int, parent: Json | str | None = None) -> list[Json]:
    """Types one below the other."""
    made: list[Json] = []
    for _ in range(count):
        made.append(new_type(api, made[-1] if made else parent))
    return made


def at(kind: Json | str) -> str:
    return f"/asset-types/{kind if isinstance(kind, str) else kind['id']}"


def below(api: Api, *kinds: Json | str) -> set[str]:
    ids = ",".join(kind if isinstance(kind, str) else kind["id"] for kind in kinds)
    return {item["id"] for item in api.pages("/asset-types", ancestor_id=ids, limit=200)}


@pytest.fixture
def api(tenant: Tenant) -> Api:
    return tenant.admin


def test_everything_below_a_type_is_listed_wherever_it_moves(api: Api) -> None:
    computer, laptop, rugged = chain(api, 3)
    other = new_type(api)
    assert below(api, computer) == below(api, computer, laptop) == {laptop["id"], rugged["id"]}
    assert below(api, laptop) == {rugged["id"]}
    assert below(api, rugged) == set()
    moved = api.patch(at(laptop), {"parent_id": other["id"]})
    assert (moved["parent_id"], moved["version"]) == (other["id"], 2)
    assert below(api, computer) == set()
    assert below(api, other) == {laptop["id"], rugged["id"]}
    api.patch(at(laptop), {"parent_id": None})
    assert below(api, other) == set()
    assert below(api, laptop) == {rugged["id"]}


def test_below_no_type_nothing_is_asked_for(api: Api, other_tenant: Tenant) -> None:
    for id_ in (NOBODYS_ID, "x", new_type(other_tenant.admin)["id"]):
        problem = api.refused(422, "GET", f"/asset-types?ancestor_id={id_}")
        assert pointers(problem) == ["/ancestor_id"]
    api.refused(400, "GET", "/asset-types?ancestor_id__ne=x")


def test_a_type_does_not_lie_within_itself(api: Api) -> None:
    kinds = chain(api, 3)
    for inner in kinds:
        problem = api.refused(409, "PATCH", at(kinds[0]), {"parent_id": inner["id"]})
        assert slug(problem) == "asset-type-cycle"
    assert api.get(at(kinds[0])) == kinds[0]


def test_types_lie_20_levels_deep(api: Api) -> None:
    kinds = chain(api, LEVELS)
    body = {"name": unique("Deeper"), "parent_id": kinds[-1]["id"]}
    problem = api.refused(422, "POST", "/asset-types", body)
    assert (slug(problem), pointers(problem)) == ("asset-type-too-deep", ["/parent_id"])
    above = new_type(api)
    problem = api.refused(422, "PATCH", at(kinds[0]), {"parent_id": above["id"]})
    assert (slug(problem), pointers(problem)) == ("asset-type-too-deep", ["/parent_id"])
    assert below(api, above) == set()
    api.patch(at(kinds[1]), {"parent_id": above["id"]})
    assert kinds[-1]["id"] in below(api, above)


def test_a_name_is_taken_among_siblings_alone(api: Api) -> None:
    one, other = new_type(api), new_type(api)
    kind = new_type(api, one)
    name = kind["name"].upper()
    api.refused(409, "POST", "/asset-types", {"name": name, "parent_id": one["id"]})
    twin = new_type(api, other, name=name)
    new_type(api, name=name)
    api.refused(409, "POST", "/asset-types", {"name": name})
    problem = api.refused(409, "PATCH", at(twin), {"parent_id": one["id"]})
    assert pointers(problem) == ["/name"]


def test_ten_siblings_of_one_name_at_once_are_one(api: Api) -> None:
    body = {"name": unique("Twin"), "parent_id": new_type(api)["id"]}
    answers = at_once([lambda: api.send("POST", "/asset-types", json=body).status_code] * 10)
    assert sorted(answers) == [201] + [409] * 9


def test_two_moves_at_once_make_no_circle(api: Api) -> None:
    for _ in range(5):
        one, other = new_type(api), new_type(api)

        def under(inner: Json, outer: Json) -> int:
            return api.send("PATCH", at(inner), json={"parent_id": outer["id"]}).status_code

        answers = at_once([lambda: under(one, other), lambda: under(other, one)])  # noqa: B023
        assert sorted(answers) == [200, 409]
        assert [api.get(at(kind))["parent_id"] for kind in (one, other)].count(None) == 1


def test_what_moves_and_comes_at_once_stays_a_tree(api: Api, superuser: Session) -> None:
    kinds = [new_type(api) for _ in range(6)]

    def under(inner: int, outer: int) -> int:
        body = {"parent_id": kinds[outer]["id"]}
        return api.send("PATCH", at(kinds[inner]), json=body).status_code

    def added(outer: int) -> int:
        body = {"name": unique("Type"), "parent_id": kinds[outer]["id"]}
        return api.send("POST", "/asset-types", json=body).status_code

    moves = [partial(under, i, (i + step) % 6) for i in range(6) for step in (1, 2)]
    answers = at_once([*moves, *(partial(added, i) for i in range(6))])
    assert set(answers) == {200, 201, 409}
    assert answers.count(201) == 6
    assert_places_hold(superuser, api)


def test_who_may_move_nothing_waits_for_no_move(
    world: World, tenant: Tenant, superuser: Session
) -> None:
    kind = new_type(tenant.admin)
    for caller, status in ((tenant.member, 403), (world.stranger(), 401)):
        with ThreadPoolExecutor(1) as thread, superuser.undone():
            superuser.run("SELECT pg_advisory_xact_lock(nexus.asset_types_lock())")
            ask = partial(caller.refused, status, "PATCH", at(kind), {"parent_id": None})
            answer = thread.submit(ask)
            eventually(lambda: answer.done() or superuser.holds_up_another())  # noqa: B023
            assert answer.done()
            answer.result()


def test_an_own_type_lies_below_a_shared_one_and_goes_where_that_goes(
    root: Api, tenant: Tenant, other_tenant: Tenant, superuser: Session
) -> None:
    outer, inner = new_type(root), new_type(root)
    own, theirs = new_type(tenant.admin, inner), new_type(other_tenant.admin, inner)
    root.patch(at(inner), {"parent_id": outer["id"]})
    assert below(tenant.member, outer) == {inner["id"], own["id"]}
    assert below(other_tenant.member, outer) == {inner["id"], theirs["id"]}
    assert below(root, outer) == {inner["id"]}
    for api in (root, tenant.admin, other_tenant.admin):
        assert_places_hold(superuser, api)
    shown = tenant.member.items("/asset-types", parent_id=inner["id"], expand="parent")
    assert [kind["parent"]["name"] for kind in shown] == [inner["name"]]


def test_a_shared_type_lies_below_no_tenants(root: Api, tenant: Tenant) -> None:
    own = new_type(tenant.admin)
    body = {"name": unique("Type"), "parent_id": own["id"]}
    assert pointers(root.refused(422, "POST", "/asset-types", body)) == ["/parent_id"]


def test_a_type_with_others_below_it_is_not_deleted(root: Api, tenant: Tenant) -> None:
    kind, inner = chain(tenant.admin, 2)
    problem = tenant.admin.refused(409, "DELETE", at(kind))
    assert problem["conflicts"] == [{"resource": "asset-types", "count": 1}]
    tenant.admin.delete(at(inner))
    tenant.admin.delete(at(kind))
    of_all = new_type(root)
    new_type(tenant.admin, of_all)
    problem = root.refused(409, "DELETE", at(of_all))
    assert problem["conflicts"] == [{"resource": "asset-types", "count": 1}]


def test_some_types_are_there_from_the_start(tenant: Tenant) -> None:
    computer = shared(tenant.member, "/asset-types", name="Computer")
    names = {kind["name"] for kind in tenant.member.items("/asset-types", parent_id=computer)}
    assert names >= {"Laptop", "Desktop", "Tablet", "Chromebook"}


def assert_places_hold(superuser: Session, api: Api) -> None:
    """Each stored place is what its parent's says, and each type is below a root."""
    wrong = """
        WITH RECURSIVE reached AS (
            SELECT id FROM asset_types WHERE parent_id IS NULL
            UNION ALL SELECT t.id FROM asset_types t JOIN reached r ON t.parent_id = r.id
        )
        SELECT t.id FROM asset_types t LEFT JOIN asset_types p ON p.id = t.parent_id
        WHERE t.tenant_id = :tenant
          AND (t.tree <> coalesce(p.tree, '') || t.id OR t.id NOT IN (SELECT id FROM reached))
    """
    assert superuser.column(wrong, tenant=api.tenant_id) == []
