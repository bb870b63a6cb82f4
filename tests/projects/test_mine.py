"""The caller's project: selected for the session, else preferred."""

from tests.support.api import slug
from tests.support.issues import new_issue, shared_project
from tests.support.makers import MAKERS, id_of_new
from tests.support.people import Tenant, World

NOBODYS_ID = "01J0000000000000000000000Z"


def test_a_project_is_selected_for_the_session(tenant: Tenant, world: World) -> None:
    caller = world.new_user(tenant.admin)
    caller.refused(404, "GET", "/me/current-project")
    assert slug(caller.refused(409, "GET", "/me/issues")) == "no-project-selected"
    project = MAKERS["project_id"].new(tenant.admin)
    issue = new_issue(caller, project_id=project["id"])
    new_issue(caller)
    assert caller.act("/me/current-project", {"project_id": project["id"]}) == project
    assert caller.get("/me/current-project") == project
    assert [one["id"] for one in caller.items("/me/issues")] == [issue["id"]]
    assert world.again(caller).refused(404, "GET", "/me/current-project")


def test_in_the_only_tenant_it_is_selected_too(tenant: Tenant, world: World) -> None:
    """Which nobody chose."""
    caller = world.new_user(tenant.admin).within(None)
    project_id = shared_project(caller)
    caller.act("/me/current-project", {"project_id": project_id})
    assert caller.get("/me/current-project")["id"] == project_id


def test_another_tenants_project_is_none(tenant: Tenant, other_tenant: Tenant) -> None:
    theirs = id_of_new("project_id", other_tenant.admin)
    for project_id in (theirs, NOBODYS_ID, "x"):
        sent = {"project_id": project_id}
        tenant.member.refused(404, "POST", "/me/current-project", sent)


def test_another_tenant_has_another_project(tenant: Tenant, world: World) -> None:
    caller = world.new_user(tenant.admin)
    project_id = id_of_new("project_id", tenant.admin)
    caller.act("/me/current-project", {"project_id": project_id})
    other = world.new_tenant()
    other.join(caller)
    caller.within(None).act("/me/current-tenant", {"tenant_id": other.id})
    caller.within(None).refused(404, "GET", "/me/current-project")


def test_the_preferred_one_is_meant_where_none_is_selected(tenant: Tenant, world: World) -> None:
    caller = world.new_user(tenant.admin)
    preferred, selected = (id_of_new("project_id", tenant.admin) for _ in range(2))
    caller.patch("/me/preferences", {"default_project_id": preferred})
    assert caller.get("/me/current-project")["id"] == preferred
    caller.act("/me/current-project", {"project_id": selected})
    assert caller.get("/me/current-project")["id"] == selected


def test_groups_of_a_project_are_those_scoped_to_it(tenant: Tenant) -> None:
    project_id = id_of_new("project_id", tenant.admin)
    scoped = MAKERS["group_id"].new(tenant.admin, project_id=project_id)
    MAKERS["group_id"].new(tenant.admin)
    assert tenant.member.items(f"/projects/{project_id}/groups") == [scoped]
    problem = tenant.admin.refused(409, "DELETE", f"/projects/{project_id}")
    assert problem["conflicts"] == [{"resource": "groups", "count": 1}]


def test_a_preferred_project_of_another_tenant_is_none_here(tenant: Tenant, world: World) -> None:
    caller = world.new_user(tenant.admin)
    preferred = id_of_new("project_id", tenant.admin)
    caller.patch("/me/preferences", {"default_project_id": preferred})
    other = world.new_tenant()
    other.join(caller)
    there = caller.within(other.id)
    assert slug(there.refused(409, "GET", "/me/issues")) == "no-project-selected"
    there.refused(404, "GET", "/me/current-project")


def test_an_archived_project_is_not_selected(tenant: Tenant) -> None:
    project_id = id_of_new("project_id", tenant.admin)
    tenant.admin.act(f"/projects/{project_id}/archive")
    problem = tenant.member.refused(409, "POST", "/me/current-project", {"project_id": project_id})
    assert slug(problem) == "reference-archived"
