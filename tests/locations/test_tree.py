"""Locations: a tree that stays one, whoever moves what at once."""

from functools import partial

import pytest

from tests.contract.resource import NOBODYS_ID
from tests.support.api import Api, Json, pointers, slug
from tests.support.database import Session
from tests.support.makers import new_location
from tests.support.people import Tenant, unique
from tests.support.races import at_once, while_locked_by

DEEPEST = 19


def at(location: Json) -> str:
    return f"/locations/{location['id']}"


def chain(api: Api, count: int, parent: Json | None = None) -> list[Json]:
    """Locations one below the other."""
    made: list[Json] = []
    for _ in range(count):
        made.append(new_location(api, made[-1] if made else parent))
    return made


def names(*locations: Json) -> list[str]:
    return [location["name"] for location in locations]


def move(api: Api, location: Json, parent: Json | None) -> Json:
    moved: Json = api.patch(at(location), {"parent_id": parent and parent["id"]})
    return moved


@pytest.fixture
def api(tenant: Tenant) -> Api:
    return tenant.member


def test_a_location_knows_its_path(api: Api) -> None:
    site, building, room = chain(api, 3)
    assert (site["path"], site["depth"], site["parent_id"]) == (names(site), 0, None)
    assert (building["path"], building["depth"]) == (names(site, building), 1)
    assert (room["path"], room["depth"]) == (names(site, building, room), 2)


def test_path_and_depth_are_the_servers(api: Api) -> None:
    room = new_location(api)
    for member, value in (("path", ["x"]), ("depth", 3)):
        problem = api.refused(422, "PATCH", at(room), {member: value})
        assert pointers(problem) == [f"/{member}"]


def test_all_below_is_renamed_along(api: Api) -> None:
    site, building, room = chain(api, 3)
    renamed = api.patch(at(site), {"name": unique("Renamed")})
    assert api.get(at(room))["path"] == names(renamed, building, room)
    assert api.get(at(room))["version"] == room["version"] + 1


def test_all_below_moves_along(api: Api) -> None:
    site, building, room = chain(api, 3)
    elsewhere = chain(api, 2)
    moved = move(api, building, elsewhere[1])
    assert (moved["path"], moved["depth"]) == (names(*elsewhere, building), 2)
    below = api.get(at(room))
    assert (below["path"], below["depth"]) == (names(*elsewhere, building, room), 3)
    assert api.get(f"{at(site)}/tree")["children"] == []
    lifted = move(api, building, None)
    assert (lifted["path"], lifted["depth"]) == (names(building), 0)
    assert api.get(at(room))["path"] == names(building, room)


def test_what_lies_beside_stays(api: Api) -> None:
    site, building, room = chain(api, 3)
    beside, elsewhere = new_location(api, site), new_location(api)
    move(api, building, elsewhere)
    assert api.get(at(beside)) == beside
    assert api.get(at(site)) == site
    assert api.get(at(room))["depth"] == 2


def test_a_known_version_is_old_after_a_move_above(api: Api) -> None:
    site, room = chain(api, 2)
    api.patch(at(site), {"name": unique("Renamed")})
    tag = {"If-None-Match": f'"{room["version"]}"'}
    assert api.expect(200, "GET", at(room), headers=tag).json()["path"] != room["path"]


def test_a_move_is_one_event(tenant: Tenant) -> None:
    site, building, room = chain(tenant.member, 3)
    elsewhere = new_location(tenant.member)
    move(tenant.member, building, elsewhere)
    (event,) = tenant.admin.items("/audit-events", record_id=building["id"], action="update")
    assert event["changes"] == {"parent_id": [site["id"], elsewhere["id"]]}
    assert tenant.admin.items("/audit-events", record_id=room["id"], action="update") == []


def test_a_location_does_not_lie_within_itself(api: Api) -> None:
    site, building, room = chain(api, 3)
    for inner in (site, building, room):
        problem = api.refused(409, "PATCH", at(site), {"parent_id": inner["id"]})
        assert slug(problem) == "location-cycle"
    assert api.get(at(site)) == site


def test_two_moves_at_once_make_no_circle(api: Api) -> None:
    for _ in range(5):
        one, other = new_location(api), new_location(api)

        def under(inner: Json, outer: Json) -> int:
            return api.send("PATCH", at(inner), json={"parent_id": outer["id"]}).status_code

        answers = at_once([lambda: under(one, other), lambda: under(other, one)])  # noqa: B023
        assert sorted(answers) == [200, 409]
        roots = [place for place in (one, other) if api.get(at(place))["parent_id"] is None]
        assert len(roots) == 1


def test_many_moves_at_once_leave_a_tree(api: Api, superuser: Session) -> None:
    places = [new_location(api) for _ in range(6)]

    def under(inner: int, outer: int) -> int:
        body = {"parent_id": places[outer]["id"]}
        return api.send("PATCH", at(places[inner]), json=body).status_code

    moves = [(i, (i + step) % 6) for i in range(6) for step in (1, 2)]
    answers = at_once([partial(under, *pair) for pair in moves])
    assert set(answers) <= {200, 409}
    assert_paths_hold(superuser, api)


def test_what_is_added_during_a_move_lies_where_its_parent_does(
    api: Api, superuser: Session
) -> None:
    for _ in range(3):
        site, building = chain(api, 2)
        elsewhere = new_location(api)
        adds = [lambda: new_location(api, building)["id"]] * 4  # noqa: B023
        renames = [lambda: api.patch(at(site), {"name": unique("New")})["id"]]  # noqa: B023
        at_once([*adds, *renames, lambda: move(api, building, elsewhere)["id"]])  # noqa: B023
        assert len(api.get(f"{at(building)}/tree")["children"]) == 4
    assert_paths_hold(superuser, api)


def assert_paths_hold(superuser: Session, api: Api) -> None:
    """Each stored place is what its parent's says."""
    wrong = """
        SELECT l.id FROM locations l LEFT JOIN locations p ON p.id = l.parent_id
        WHERE l.tenant_id = :tenant AND (
            l.path <> coalesce(p.path, '{}') || l.name OR l.tree <> coalesce(p.tree, '') || l.id
            OR l.depth <> coalesce(p.depth + 1, 0))
    """
    assert superuser.column(wrong, tenant=api.tenant_id) == []


def test_a_tree_reaches_down_to_depth_19(api: Api) -> None:
    places = chain(api, DEEPEST + 1)
    assert places[-1]["depth"] == DEEPEST
    body = {"name": "Deeper", "type_id": places[0]["type_id"], "parent_id": places[-1]["id"]}
    problem = api.refused(422, "POST", "/locations", body)
    assert (slug(problem), pointers(problem)) == ("too-deep", ["/parent_id"])
    above = new_location(api)
    problem = api.refused(422, "PATCH", at(places[0]), {"parent_id": above["id"]})
    assert slug(problem) == "too-deep"
    assert api.get(at(places[-1])) == places[-1]
    move(api, places[1], above)
    assert api.get(at(places[-1]))["depth"] == DEEPEST


def test_a_name_is_taken_among_siblings_alone(api: Api) -> None:
    site, other = new_location(api), new_location(api)
    room = new_location(api, site)
    same = {"name": room["name"].upper(), "type_id": room["type_id"]}
    api.refused(409, "POST", "/locations", {**same, "parent_id": site["id"]})
    twin = new_location(api, other, **same)
    new_location(api, **same)
    api.refused(409, "POST", "/locations", same)
    problem = api.refused(409, "PATCH", at(twin), {"parent_id": site["id"]})
    assert pointers(problem) == ["/name"]


def test_ten_siblings_of_one_name_at_once_are_one(api: Api) -> None:
    site = new_location(api)
    body = {"name": "Twin", "type_id": site["type_id"], "parent_id": site["id"]}
    answers = at_once([lambda: api.send("POST", "/locations", json=body).status_code] * 10)
    assert sorted(answers) == [201] + [409] * 9


def test_what_has_children_is_not_deleted(tenant: Tenant) -> None:
    site, _, room = chain(tenant.member, 3)
    tenant.member.refused(403, "DELETE", at(room))
    problem = tenant.admin.refused(409, "DELETE", at(site))
    assert problem["conflicts"] == [{"resource": "locations", "count": 1}]
    assert "instead" not in problem["detail"]  # it cannot be archived
    tenant.admin.delete(at(room))


def test_a_child_that_comes_too_late_for_its_parent_is_told(api: Api, superuser: Session) -> None:
    site = new_location(api)
    body = {"name": unique("Late"), "type_id": site["type_id"], "parent_id": site["id"]}
    ask = partial(api.refused, 422, "POST", "/locations", body)
    delete = "DELETE FROM locations WHERE id = :id"
    assert pointers(while_locked_by(superuser, delete, ask, id=site["id"])) == ["/parent_id"]
    assert api.items("/locations", name=body["name"]) == []


def test_a_delete_that_comes_too_late_is_told_what_holds_the_parent(
    tenant: Tenant, superuser: Session
) -> None:
    site = new_location(tenant.admin)
    insert = """
        INSERT INTO locations (id, tenant_id, parent_id, name, type_id)
        SELECT nexus.ulid(), tenant_id, id, 'Earlier', type_id FROM locations WHERE id = :id
    """
    ask = partial(tenant.admin.refused, 409, "DELETE", at(site))
    problem = while_locked_by(superuser, insert, ask, id=site["id"])
    assert problem["conflicts"] == [{"resource": "locations", "count": 1}]


def test_a_type_in_use_is_not_deleted(tenant: Tenant) -> None:
    kind = tenant.admin.post("/location-types", {"name": unique("Type")})
    new_location(tenant.member, type_id=kind["id"])
    problem = tenant.admin.refused(409, "DELETE", f"/location-types/{kind['id']}")
    assert problem["conflicts"] == [{"resource": "locations", "count": 1}]


def test_references_have_to_be_in_reach(tenant: Tenant, other_tenant: Tenant) -> None:
    theirs = other_tenant.admin.post("/location-types", {"name": unique("Type")})
    place = new_location(other_tenant.admin)
    own = new_location(tenant.member)
    for member, ids in (("type_id", [theirs["id"], NOBODYS_ID]),
                        ("parent_id", [place["id"], NOBODYS_ID])):  # fmt: skip
        for id_ in ids:
            body = {"name": unique("Place"), "type_id": own["type_id"], member: id_}
            problem = tenant.member.refused(422, "POST", "/locations", body)
            assert pointers(problem) == [f"/{member}"]
            tenant.member.refused(422, "PATCH", at(own), {member: id_})


def test_the_tree_is_nested_by_name(api: Api) -> None:
    site = new_location(api)
    second, first = new_location(api, site, name="b"), new_location(api, site, name="A")
    room = new_location(api, second)
    leaf: Json = {"children": []}
    expected = site | {"children": [first | leaf, second | {"children": [room | leaf]}]}
    assert api.get(f"{at(site)}/tree") == expected
    short = {"name": room["name"], "children": []}
    assert api.get(f"{at(second)}/tree", fields="name") == {"name": "b", "children": [short]}


def test_a_tree_takes_fields_and_nothing_else(api: Api) -> None:
    site = new_location(api)
    for query in ("depth=2", "limit=1", "fields=colour", "colour=red"):
        api.refused(400, "GET", f"{at(site)}/tree?{query}")


def test_a_tree_of_nobodys_is_not_found(tenant: Tenant, other_tenant: Tenant) -> None:
    theirs = new_location(other_tenant.member)
    for id_ in (theirs["id"], NOBODYS_ID, "x"):
        tenant.member.refused(404, "GET", f"/locations/{id_}/tree")


def test_references_are_embedded_and_filtered_by(api: Api) -> None:
    site, room = chain(api, 2)
    (shown,) = api.items("/locations", parent_id=site["id"], expand="parent,type")
    assert (shown["parent"]["path"], shown["type"]["name"]) == (names(site), "Room")
    roots = api.items("/locations", parent_id__isnull="true", id=f"{site['id']},{room['id']}")
    assert roots == [site]
    assert api.items("/locations", id=room["id"], depth="1") == [room]


def test_ids_and_chosen_words_hold_no_commas(tenant: Tenant) -> None:
    site = new_location(tenant.admin)
    known = {"id": site["id"], "type_id": f"{site['type_id']},{site['type_id']}"}
    assert tenant.admin.items("/locations", **known) == [site]
    unknown = {"params": {"type_id": f"{site['type_id']},{NOBODYS_ID}"}}
    problem = tenant.admin.refused(422, "GET", "/locations", **unknown)
    assert pointers(problem) == ["/type_id"]
    kinds = tenant.admin.items("/groups", kind="administrators,users")
    assert sorted(group["kind"] for group in kinds) == ["administrators", "users"]
    tenant.admin.refused(400, "GET", "/groups", params={"kind": "administrators,colour"})
