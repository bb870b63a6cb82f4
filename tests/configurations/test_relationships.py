"""Configuration items and their relationships: both ends see them, nothing is told twice."""

from functools import partial

import pytest

from tests.contract.resource import NOBODYS_ID
from tests.support.api import Api, Json, pointers, slug
from tests.support.database import Session
from tests.support.makers import new_item, relate
from tests.support.people import Tenant, unique
from tests.support.races import at_once, while_locked_by


def at(item: Json) -> str:
    return f"/configuration-items/{item['id']}"


def related(item: Json) -> str:
    return f"{at(item)}/relationships"


@pytest.fixture
def api(tenant: Tenant) -> Api:
    return tenant.member


def test_both_ends_see_a_relationship(api: Api) -> None:
    service, server = new_item(api), new_item(api)
    made = relate(api, service, server, "runs_on")
    ends = (made["source_id"], made["target_id"], made["direction"])
    assert ends == (service["id"], server["id"], "outgoing")
    assert api.items(related(service)) == [made]
    assert api.items(related(server)) == [{**made, "direction": "incoming"}]


def test_a_new_relationship_is_where_it_says(api: Api) -> None:
    one, other = new_item(api), new_item(api)
    relate(api, one, other, "contains")
    body = {"target_id": other["id"], "relationship_type": "runs_on"}
    made = api.expect(201, "POST", related(one), json=body)
    found = api.expect(200, "GET", made.headers["location"])
    assert found.json()["items"] == [made.json()]


def test_a_list_is_narrowed_to_one_direction(api: Api) -> None:
    below, middle, above = new_item(api), new_item(api), new_item(api)
    out, into = relate(api, middle, below), relate(api, above, middle)
    (outgoing,) = api.items(related(middle), direction="outgoing")
    (incoming,) = api.items(related(middle), direction="incoming", expand="source")
    assert (outgoing["id"], incoming["id"]) == (out["id"], into["id"])
    assert incoming["source"]["name"] == above["name"]
    api.refused(400, "GET", f"{related(middle)}?direction=sideways")


def test_a_type_is_a_known_one_or_a_slug(api: Api) -> None:
    one, other = new_item(api), new_item(api)
    for kind in ("depends_on", "runs_on", "connects_to", "contains", "backed-up-by", "x2"):
        assert relate(api, one, other, kind)["relationship_type"] == kind
    for wrong in ("", "Depends On", "_x", "x-", "é", "x" * 51, None, 7):
        body = {"target_id": other["id"], "relationship_type": wrong}
        problem = api.refused(422, "POST", related(one), body)
        assert pointers(problem) == ["/relationship_type"]


def test_an_item_is_not_related_to_itself(api: Api) -> None:
    item = new_item(api)
    body = {"target_id": item["id"], "relationship_type": "contains"}
    assert slug(api.refused(409, "POST", related(item), body)) == "self-relation"


def test_a_relationship_twice_is_refused(api: Api) -> None:
    one, other = new_item(api), new_item(api)
    relate(api, one, other)
    relate(api, one, other, "connects_to")
    relate(api, other, one)
    body = {"target_id": other["id"], "relationship_type": "depends_on"}
    assert slug(api.refused(409, "POST", related(one), body)) == "already-related"
    assert len(api.items(related(one))) == 3


def test_ten_at_once_make_one_relationship(api: Api) -> None:
    one, other = new_item(api), new_item(api)
    body = {"target_id": other["id"], "relationship_type": "depends_on"}
    answers = at_once([lambda: api.send("POST", related(one), json=body).status_code] * 10)
    assert sorted(answers) == [201] + [409] * 9


def test_a_target_has_to_be_in_reach(tenant: Tenant, other_tenant: Tenant, api: Api) -> None:
    item, theirs = new_item(api), new_item(other_tenant.member)
    for id_ in (theirs["id"], NOBODYS_ID, "x"):
        body = {"target_id": id_, "relationship_type": "contains"}
        assert pointers(api.refused(422, "POST", related(item), body)) == ["/target_id"]
    other_tenant.member.refused(404, "GET", related(item))
    body = {"target_id": theirs["id"], "relationship_type": "contains"}
    other_tenant.member.refused(404, "POST", related(item), body)
    tenant.admin.refused(404, "GET", f"/configuration-items/{NOBODYS_ID}/relationships")


def test_archived_items_are_not_newly_related(api: Api) -> None:
    live, archived = new_item(api), new_item(api)
    api.act(f"{at(archived)}/archive")
    for one, other, kind in ((live, archived, "reference-archived"),
                             (archived, live, "record-archived")):  # fmt: skip
        body = {"target_id": other["id"], "relationship_type": "contains"}
        assert slug(api.refused(409, "POST", related(one), body)) == kind


def test_relationships_hold_an_item_at_either_end(tenant: Tenant, api: Api) -> None:
    one, other = new_item(api), new_item(api)
    made = relate(api, one, other)
    for item in (one, other):
        problem = tenant.admin.refused(409, "DELETE", at(item))
        assert problem["conflicts"] == [{"resource": "relationships", "count": 1}]
    api.delete(f"/relationships/{made['id']}")
    api.refused(403, "DELETE", at(one))
    for item in (one, other):
        tenant.admin.delete(at(item))


def test_an_item_held_from_both_ends_names_relationships_once(tenant: Tenant, api: Api) -> None:
    below, middle, above = (new_item(api) for _ in range(3))
    relate(api, middle, below)
    relate(api, above, middle)
    problem = tenant.admin.refused(409, "DELETE", at(middle))
    assert problem["conflicts"] == [{"resource": "relationships", "count": 2}]
    assert "archive the record instead" in problem["detail"]


def test_a_relationship_is_deleted_by_who_may_write(api: Api, other_tenant: Tenant) -> None:
    made = relate(api, new_item(api), new_item(api))
    path = f"/relationships/{made['id']}"
    other_tenant.admin.refused(404, "DELETE", path)
    api.refused(412, "DELETE", path, headers={"If-Match": '"9"'})
    api.delete(path)
    api.refused(404, "DELETE", path)
    api.refused(404, "DELETE", "/relationships/x")


def test_a_relationship_and_a_delete_at_once_do_not_both_succeed(tenant: Tenant) -> None:
    for _ in range(5):
        one, other = new_item(tenant.member), new_item(tenant.member)
        body = {"target_id": other["id"], "relationship_type": "contains"}
        made, gone = at_once([
            lambda: tenant.member.send("POST", related(one), json=body).status_code,  # noqa: B023
            lambda: tenant.admin.send("DELETE", at(other)).status_code,  # noqa: B023
        ])  # fmt: skip
        assert (made, gone) in {(201, 409), (409, 204), (422, 204)}


def test_a_relationship_and_its_items_are_deleted_at_once_in_turns(tenant: Tenant) -> None:
    """Both sides take the items first: in the other order they would wait for each other."""
    for _ in range(10):
        one, other = new_item(tenant.member), new_item(tenant.member)
        path = f"/relationships/{relate(tenant.member, one, other)['id']}"
        paths = (path, at(one), at(other))
        delete = partial(tenant.admin.send, "DELETE")
        answers = at_once([partial(delete, path) for path in paths])
        gone, *items = (answer.status_code for answer in answers)
        assert gone == 204
        assert set(items) <= {204, 409}


def test_a_relationship_that_comes_too_late_for_its_target_is_told(
    api: Api, superuser: Session
) -> None:
    one, other = new_item(api), new_item(api)
    body = {"target_id": other["id"], "relationship_type": "contains"}
    delete = "DELETE FROM configuration_items WHERE id = :id"
    ask = partial(api.refused, 422, "POST", related(one), body)
    assert pointers(while_locked_by(superuser, delete, ask, id=other["id"])) == ["/target_id"]
    assert api.items(related(one)) == []


def test_a_delete_that_comes_too_late_is_told_what_holds_the_item(
    tenant: Tenant, superuser: Session
) -> None:
    one, other = new_item(tenant.admin), new_item(tenant.admin)
    insert = """
        INSERT INTO relationships (id, tenant_id, source_id, target_id, relationship_type)
        VALUES (nexus.ulid(), :tenant, :one, :other, 'contains')
    """
    ends = {"tenant": tenant.id, "one": one["id"], "other": other["id"]}
    ask = partial(tenant.admin.refused, 409, "DELETE", at(other))
    problem = while_locked_by(superuser, insert, ask, **ends)
    assert problem["conflicts"] == [{"resource": "relationships", "count": 1}]


def test_a_name_is_taken_within_its_type(api: Api) -> None:
    name = unique("Item")
    first = new_item(api, name=name, ci_type="switch")
    untyped = new_item(api, name=name)
    new_item(api, name=name, ci_type="router")
    for body in ({"name": name}, {"name": name.upper(), "ci_type": "Switch"}):
        assert "/name" in pointers(api.refused(409, "POST", "/configuration-items", body))
    api.refused(409, "PATCH", at(untyped), {"ci_type": "switch"})
    api.act(f"{at(first)}/archive")
    api.patch(at(untyped), {"ci_type": "switch"})


def test_attributes_are_merged(api: Api) -> None:
    item = new_item(api, attributes={"rack": "B2", "ports": {"all": 48, "free": 3}})
    change = {"rack": None, "ports": {"free": 2}, "tags": ["a"]}
    changed = api.patch(at(item), {"attributes": change})
    assert changed["attributes"] == {"ports": {"all": 48, "free": 2}, "tags": ["a"]}
    assert new_item(api)["attributes"] == {}


@pytest.mark.parametrize("attributes", [[], "x", 7, None, {"x": "y" * 70_000}], ids="abcde")
def test_attributes_are_an_object_of_some_size(api: Api, attributes: object) -> None:
    item = new_item(api)
    body = {"name": unique("Item"), "attributes": attributes}
    for method, path in (("POST", "/configuration-items"), ("PATCH", at(item))):
        assert pointers(api.refused(422, method, path, body)) == ["/attributes"]


def test_attributes_are_measured_as_they_are_stored(api: Api) -> None:
    item = new_item(api, attributes={"note": "ü" * 30_000})
    assert api.get(at(item))["attributes"] == {"note": "ü" * 30_000}
    name = unique("Item")
    for more in ({"numbers": [1e308] * 300}, {"remark": "x" * 6_000, "note": "ü" * 30_000}):
        body = {"name": name, "attributes": more}
        for method, path in (("POST", "/configuration-items"), ("PATCH", at(item))):
            assert pointers(api.refused(422, method, path, body)) == ["/attributes"]
    assert api.items("/configuration-items", name=name) == []
    assert api.get(at(item)) == item
