"""Groups: what holds them, what goes with them, and the project they may be of."""

from tests.contract.resource import NOBODYS_ID
from tests.support.api import Api, anonymous, pointers
from tests.support.issues import shared_project
from tests.support.makers import id_of_new
from tests.support.people import Tenant, unique


def test_memberships_go_with_the_group(tenant: Tenant) -> None:
    group, inner = tenant.new_group(), tenant.new_group()
    tenant.add(group, user_id=tenant.member.user["id"])
    tenant.add(group, member_group_id=inner["id"])
    tenant.admin.delete(f"/groups/{group['id']}")
    assert tenant.admin.get(f"/groups/{inner['id']}") == inner
    assert tenant.member.get("/me")["id"] == tenant.member.user["id"]


def test_a_group_in_another_is_held_by_it(tenant: Tenant) -> None:
    outer, inner = tenant.new_group(), tenant.new_group()
    tenant.add(outer, member_group_id=inner["id"])
    problem = tenant.admin.refused(409, "DELETE", f"/groups/{inner['id']}")
    assert problem["conflicts"] == [{"resource": "memberships", "count": 1}]
    tenant.admin.delete(f"/groups/{outer['id']}")
    tenant.admin.delete(f"/groups/{inner['id']}")


def test_a_group_is_of_its_tenants_project_or_a_shared_one(tenant: Tenant) -> None:
    for project in (shared_project(tenant.admin), id_of_new("project_id", tenant.admin)):
        body = {"name": unique("Scoped"), "project_id": project}
        group = tenant.admin.post("/groups", body)
        assert group["project_id"] == project
        assert tenant.admin.items("/groups", project_id=project, id=group["id"]) == [group]
        expanded = tenant.admin.get(f"/groups/{group['id']}", expand="project")
        assert expanded["project"]["id"] == project
        assert tenant.admin.patch(f"/groups/{group['id']}", {"project_id": None})["version"] == 2


def test_a_foreign_project_looks_like_none(tenant: Tenant, other_tenant: Tenant) -> None:
    foreign, group = id_of_new("project_id", other_tenant.admin), tenant.new_group()
    path = f"/groups/{group['id']}"
    for method, where in (("POST", "/groups"), ("PATCH", path)):
        problems = [
            tenant.admin.refused(422, method, where, {"name": unique("x"), "project_id": project})
            for project in (foreign, NOBODYS_ID, "x")
        ]
        assert {tuple(pointers(problem)) for problem in problems} == {("/project_id",)}
        assert anonymous(problems[0], foreign) == anonymous(problems[1], NOBODYS_ID)
    filtered = [
        tenant.admin.refused(422, "GET", f"/groups?project_id={project}")
        for project in (foreign, NOBODYS_ID)
    ]
    assert anonymous(filtered[0], foreign) == anonymous(filtered[1], NOBODYS_ID)


def test_a_wrong_reference_comes_before_a_taken_name(tenant: Tenant) -> None:
    group = tenant.new_group()
    body = {"name": group["name"], "project_id": NOBODYS_ID}
    tenant.admin.refused(422, "POST", "/groups", body)


def test_an_archived_project_is_not_newly_referenced(tenant: Tenant) -> None:
    project = id_of_new("project_id", tenant.admin)
    body = {"name": unique("Scoped"), "project_id": project}
    group = tenant.admin.post("/groups", body)
    tenant.admin.act(f"/projects/{project}/archive")
    body["name"] = unique("Late")
    tenant.admin.refused(409, "POST", "/groups", body)
    change = {"description": "It keeps what it had", "project_id": project}
    assert tenant.admin.patch(f"/groups/{group['id']}", change)["version"] == 2


def test_the_description_is_bounded(tenant: Tenant) -> None:
    def send(length: int, status: int) -> None:
        body = {"name": unique("Told"), "description": "ż" * length}
        tenant.admin.expect(status, "POST", "/groups", json=body)

    send(20_000, 201)
    send(20_001, 422)


def test_both_seeded_groups_are_there_from_the_start(tenant: Tenant, root: Api) -> None:
    for admin in (tenant.admin, root):
        kinds = {group["kind"] for group in admin.items("/groups", kind__ne="custom")}
        assert kinds == {"administrators", "users"}
