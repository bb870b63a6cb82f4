"""Keys: one for each issue of a project, never given twice, found by for ever."""

from functools import partial
from typing import Any

from tests.support.api import Json, slug
from tests.support.database import Session
from tests.support.issues import new_issue, shared_project
from tests.support.makers import MAKERS
from tests.support.people import Tenant, World
from tests.support.races import at_once, while_locked_by


def new_project(tenant: Tenant, **given: Any) -> Json:
    return MAKERS["project_id"].new(tenant.admin, **given)


def test_each_tenant_counts_for_itself_in_a_shared_project(world: World) -> None:
    for one in (world.new_tenant(), world.new_tenant()):
        project_id = shared_project(one.member, "MS")
        first, second = (new_issue(one.member, project_id=project_id) for _ in range(2))
        assert (first["key"], second["key"]) == ("MS-1", "MS-2")
        assert (first["number"], second["number"]) == (1, 2)


def test_fifty_at_once_have_fifty_keys(tenant: Tenant) -> None:
    project = new_project(tenant)
    opening = partial(new_issue, tenant.member, project_id=project["id"])
    made = at_once([opening] * 50)
    assert sorted(issue["number"] for issue in made) == list(range(1, 51))
    assert {issue["key"] for issue in made} == {f"{project['key']}-{n}" for n in range(1, 51)}


def test_a_number_is_not_given_again(tenant: Tenant) -> None:
    project = new_project(tenant)
    first = new_issue(tenant.member, project_id=project["id"])
    tenant.admin.delete(f"/issues/{first['id']}")
    assert new_issue(tenant.member, project_id=project["id"])["number"] == 2


def test_nor_by_another_project_that_gets_the_key(tenant: Tenant) -> None:
    project = new_project(tenant)
    first = new_issue(tenant.member, project_id=project["id"])
    tenant.admin.act(f"/projects/{project['id']}/archive")
    heir = new_project(tenant, key=project["key"])
    second = new_issue(tenant.member, project_id=heir["id"])
    assert (first["key"], second["key"]) == (f"{project['key']}-1", f"{project['key']}-2")


def test_an_own_project_with_a_shared_key_counts_on(tenant: Tenant) -> None:
    shared = new_issue(tenant.member, project_id=shared_project(tenant.member))
    own = new_issue(tenant.member, project_id=new_project(tenant, key="TS")["id"])
    assert own["number"] == shared["number"] + 1


def test_without_a_project_there_is_none(tenant: Tenant) -> None:
    issue = new_issue(tenant.member)
    assert (issue["project_id"], issue["number"], issue["key"]) == (None, None, None)


def test_an_issue_that_moves_is_found_by_every_key(tenant: Tenant) -> None:
    projects = [new_project(tenant) for _ in range(2)]
    issue = new_issue(tenant.member, project_id=projects[0]["id"])
    place, keys = f"/issues/{issue['id']}", [issue["key"]]
    for home in (projects[1]["id"], projects[0]["id"], None):
        moved = tenant.member.patch(place, {"project_id": home})
        assert moved["previous_keys"] == keys
        keys += [moved["key"]] if moved["key"] else []
    assert keys == [f"{projects[n]['key']}-{m}" for n, m in ((0, 1), (1, 1), (0, 2))]
    for key in keys:
        assert [i["id"] for i in tenant.member.items("/issues", key=key.lower())] == [issue["id"]]
    assert len(tenant.member.items("/issues", key=",".join(keys))) == 1


def test_a_key_of_another_tenant_finds_nothing(tenant: Tenant, other_tenant: Tenant) -> None:
    issue = new_issue(tenant.member, project_id=new_project(tenant)["id"])
    assert other_tenant.member.items("/issues", key=issue["key"]) == []


def test_two_moves_at_once_lose_no_key(tenant: Tenant) -> None:
    projects = [new_project(tenant) for _ in range(4)]
    issue = new_issue(tenant.member)
    place = f"/issues/{issue['id']}"
    moves = [partial(tenant.member.patch, place, {"project_id": p["id"]}) for p in projects]
    at_once(moves)
    moved = tenant.member.get(place)
    keys = {*moved["previous_keys"], moved["key"]}
    assert keys == {f"{project['key']}-1" for project in projects}


def test_a_project_keeps_its_key_while_issues_have_it(tenant: Tenant) -> None:
    project = new_project(tenant)
    place = f"/projects/{project['id']}"
    assert tenant.admin.patch(place, {"key": f"{project['key'][:8]}Z"})["key"].endswith("Z")
    new_issue(tenant.member, project_id=project["id"])
    assert slug(tenant.admin.refused(409, "PATCH", place, {"key": "OTHER"})) == "project-key-in-use"


def test_a_key_is_made_of_the_name(tenant: Tenant) -> None:
    for name, key in (
        ("Zebra Operations Lab", "ZOL"),
        ("Network", "NETW"),
        ("Ärzte", "ARZT"),
        ("部屋", "PP"),
    ):
        assert new_project(tenant, name=name)["key"] == key
    assert new_project(tenant, name="Zoo Of Lemurs")["key"] == "ZOL2"


def test_a_project_that_issues_are_in_is_not_deleted(tenant: Tenant) -> None:
    project = new_project(tenant)
    new_issue(tenant.member, project_id=project["id"])
    problem = tenant.admin.refused(409, "DELETE", f"/projects/{project['id']}")
    assert problem["conflicts"] == [{"resource": "issues", "count": 1}]


def test_keys_that_are_made_at_once_differ(tenant: Tenant) -> None:
    names = ["Zymurgy Lab", "Zymurgy Loft", "Zymurgy Lawn", "Zymurgy Lodge"]
    made = at_once([partial(new_project, tenant, name=name) for name in names])
    assert {project["key"] for project in made} == {"ZL", "ZL2", "ZL3", "ZL4"}
    assert new_project(tenant, name="Technology Store")["key"] == "TS2"


def test_no_issue_goes_where_is_just_archived(tenant: Tenant, holder: Session) -> None:
    archived = "UPDATE projects SET archived_at = now() WHERE id = :id"
    for move in (False, True):
        project, issue = new_project(tenant), new_issue(tenant.member)
        home = {"project_id": project["id"]}
        body = {"title": "x", "issue_type": "incident", **home}
        call = (
            partial(tenant.member.send, "PATCH", f"/issues/{issue['id']}", json=home)
            if move
            else partial(tenant.member.send, "POST", "/issues", json=body)
        )
        answer = while_locked_by(holder, archived, call, id=project["id"])
        assert (answer.status_code, slug(answer.json())) == (409, "reference-archived")
