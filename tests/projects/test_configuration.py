"""Configuration: what a tenant shares, what is its own, and what is in use."""

from collections.abc import Callable
from functools import partial

import pytest

from tests.support.api import Api, Json, pointers, slug
from tests.support.issues import new_field, new_issue, new_screen, new_workflow, take
from tests.support.makers import MAKERS, id_of_new, new_workflow_status
from tests.support.people import Tenant, World, unique
from tests.support.races import at_once

KINDS = {
    "service_request",
    "known_problem",
    "incident",
    "post_incident_analysis",
    "change",
    "repair",
}

PRIORITIES = ("Critical", "High", "Medium", "Low")


@pytest.fixture
def own(world: World) -> Tenant:
    """Whose marks this test moves."""
    return world.new_tenant()


def test_a_new_tenant_has_what_it_needs(own: Tenant) -> None:
    types = own.member.items("/issue-types")
    assert {one["kind"] for one in types} >= KINDS
    statuses = own.member.items("/issue-statuses")
    assert {one["category"] for one in statuses} == {"open", "in_progress", "done"}
    ranked = [one["name"] for one in own.member.items("/issue-priorities", sort="rank")]
    assert [name for name in ranked if name in PRIORITIES] == list(PRIORITIES)
    links = {one["name"] for one in own.member.items("/issue-link-types")}
    assert links >= {"Relates", "Blocks", "Duplicates", "Causes", "Resolves"}
    assert {one["key"] for one in own.member.items("/projects")} >= {"TS", "MS"}
    for kind in KINDS:
        assert new_issue(own.member, kind)["category"] == "open"


def test_every_shared_workflow_leads_back_from_where_it_ends(own: Tenant) -> None:
    done = {s["id"] for s in own.member.items("/issue-statuses", category="done")}
    used = {one["workflow_id"] for one in own.member.items("/issue-types") if one["key"] in KINDS}
    assert len(used) == len(KINDS)
    for workflow in own.member.items("/issue-workflows", id__in=",".join(used)):
        of_it = {"workflow_id": workflow["id"], "limit": 200}
        steps = own.member.items("/issue-workflow-transitions", **of_it)
        ends = {
            s["status_id"] for s in own.member.items("/issue-workflow-statuses", **of_it)
        } & done
        left = {s["from_status_id"] for s in steps if s["to_status_id"] not in done}
        assert ends
        assert ends <= left, workflow["name"]


class TestTheFirstStatus:
    def test_is_initial_whatever_it_says(self, tenant: Tenant) -> None:
        workflow_id = id_of_new("issue_workflow_id", tenant.admin)
        first, second = (new_workflow_status(tenant.admin, workflow_id) for _ in range(2))
        assert (first["is_initial"], second["is_initial"]) == (True, False)
        assert (first["position"], second["position"]) == (0, 1)

    def test_hands_the_mark_on(self, tenant: Tenant) -> None:
        workflow_id = id_of_new("issue_workflow_id", tenant.admin)
        first, second = (new_workflow_status(tenant.admin, workflow_id) for _ in range(2))
        path = "/issue-workflow-statuses"
        tenant.admin.patch(f"{path}/{second['id']}", {"is_initial": True})
        assert not tenant.admin.get(f"{path}/{first['id']}")["is_initial"]
        third = MAKERS["issue_workflow_status_id"].new(
            tenant.admin, workflow_id=workflow_id, is_initial=True
        )
        marked = tenant.admin.items(path, workflow_id=workflow_id, is_initial="true")
        assert [one["id"] for one in marked] == [third["id"]]

    def test_does_not_lose_the_mark(self, tenant: Tenant) -> None:
        workflow_id = id_of_new("issue_workflow_id", tenant.admin)
        first, _ = (new_workflow_status(tenant.admin, workflow_id) for _ in range(2))
        place = f"/issue-workflow-statuses/{first['id']}"
        problem = tenant.admin.refused(409, "PATCH", place, {"is_initial": False})
        assert slug(problem) == "initial-status"
        assert slug(tenant.admin.refused(409, "DELETE", place)) == "initial-status"

    def test_is_one_though_many_are_marked_at_once(self, tenant: Tenant) -> None:
        workflow_id = id_of_new("issue_workflow_id", tenant.admin)
        made = [new_workflow_status(tenant.admin, workflow_id) for _ in range(6)]
        path = "/issue-workflow-statuses"
        mark = {"is_initial": True}
        at_once([partial(tenant.admin.patch, f"{path}/{one['id']}", mark) for one in made])
        assert len(tenant.admin.items(path, workflow_id=workflow_id, is_initial="true")) == 1

    def test_two_at_once_are_not_both_initial(self, tenant: Tenant) -> None:
        workflow_id = id_of_new("issue_workflow_id", tenant.admin)
        bodies = [
            {"workflow_id": workflow_id, "status_id": id_of_new("issue_status_id", tenant.admin)}
            for _ in range(4)
        ]
        made = at_once([partial(tenant.admin.post, "/issue-workflow-statuses", b) for b in bodies])
        assert sorted(one["is_initial"] for one in made) == [False, False, False, True]


class TestTheDefaultPriority:
    def test_is_the_shared_one_until_there_is_an_own(self, own: Tenant) -> None:
        (medium,) = own.member.items("/issue-priorities", is_default="true")
        assert new_issue(own.member)["priority_id"] == medium["id"]
        mine = MAKERS["issue_priority_id"].new(own.admin, is_default=True)
        assert new_issue(own.member)["priority_id"] == mine["id"]
        assert own.member.get(f"/issue-priorities/{medium['id']}") == medium

    def test_moves_and_is_not_taken_away(self, own: Tenant) -> None:
        first, second = (MAKERS["issue_priority_id"].new(own.admin, is_default=True) for _ in "ab")
        assert not own.admin.get(f"/issue-priorities/{first['id']}")["is_default"]
        place = f"/issue-priorities/{second['id']}"
        problem = own.admin.refused(409, "PATCH", place, {"is_default": False})
        assert slug(problem) == "default-priority"
        own.admin.delete(place)
        assert new_issue(own.member)["priority_id"] not in (first["id"], second["id"])

    def test_is_one_though_many_are_marked_at_once(self, own: Tenant) -> None:
        made = [MAKERS["issue_priority_id"].new(own.admin) for _ in range(6)]
        mark = {"is_default": True}
        places = [f"/issue-priorities/{one['id']}" for one in made]
        at_once([partial(own.admin.patch, place, mark) for place in places])
        assert len(own.admin.items("/issue-priorities", is_default="true", scope="own")) == 1

    def test_of_all_tenants_stays(self, root: Api) -> None:
        (medium,) = root.items("/issue-priorities", is_default="true")
        root.refused(409, "DELETE", f"/issue-priorities/{medium['id']}")


class TestWhatIssuesUse:
    @pytest.mark.parametrize(
        ("member", "maker"),
        [("issue_type_id", "issue_type_id"), ("priority_id", "issue_priority_id")],
    )
    def test_is_not_deleted(self, tenant: Tenant, member: str, maker: str) -> None:
        made = id_of_new(maker, tenant.admin)
        given: Json = {member: made}
        if member == "issue_type_id":
            given["issue_type"] = None
        for _ in range(2):
            MAKERS["issue_id"].new(tenant.member, **given)
        path = MAKERS[maker].path
        problem = tenant.admin.refused(409, "DELETE", f"{path}/{made}")
        assert problem["conflicts"] == [{"resource": "issues", "count": 2}]

    def test_is_no_status_to_remove(self, tenant: Tenant) -> None:
        workflow = new_workflow(tenant.admin)
        here, there = workflow.statuses
        take(tenant.admin, workflow.open(tenant.member), "Go")
        problem = tenant.admin.refused(409, "DELETE", f"/issue-statuses/{there['id']}")
        assert problem["conflicts"] == [
            {"resource": "issue-workflow-statuses", "count": 1},
            {"resource": "issues", "count": 1},
        ]
        (part,) = tenant.admin.items("/issue-workflow-statuses", status_id=there["id"])
        place = f"/issue-workflow-statuses/{part['id']}"
        assert tenant.admin.refused(409, "DELETE", place)["conflicts"] == [
            {"resource": "issue-workflow-transitions", "count": 1},
            {"resource": "issues", "count": 1},
        ]
        problem = tenant.admin.refused(
            409, "PATCH", f"/issue-statuses/{there['id']}", {"category": "open"}
        )
        assert slug(problem) == "category-in-use"
        assert tenant.admin.patch(f"/issue-statuses/{here['id']}", {"category": "in_progress"})

    def test_is_no_kind_or_workflow_to_change(self, tenant: Tenant) -> None:
        workflow, other = (new_workflow(tenant.admin) for _ in range(2))
        workflow.open(tenant.member)
        place = f"/issue-types/{workflow.issue_type['id']}"
        problem = tenant.admin.refused(409, "PATCH", place, {"kind": "change"})
        assert slug(problem) == "kind-in-use"
        problem = tenant.admin.refused(409, "PATCH", place, {"workflow_id": other.id})
        assert slug(problem) == "statuses-missing"
        ends = {"workflow_id": other.id, "status_id": workflow.statuses[0]["id"]}
        tenant.admin.post("/issue-workflow-statuses", ends)
        changed = tenant.admin.patch(place, {"workflow_id": other.id})
        assert changed["workflow_id"] == other.id

    def test_is_no_workflow_or_screen_to_remove(self, tenant: Tenant) -> None:
        screen = new_screen(tenant.admin, new_field(tenant.admin))
        workflow = new_workflow(tenant.admin, screen_id=screen["id"])
        problem = tenant.admin.refused(409, "DELETE", f"/issue-workflows/{workflow.id}")
        assert problem["conflicts"] == [{"resource": "issue-types", "count": 1}]
        problem = tenant.admin.refused(409, "DELETE", f"/issue-screens/{screen['id']}")
        assert problem["conflicts"] == [{"resource": "issue-workflow-transitions", "count": 1}]
        tenant.admin.delete(f"/issue-types/{workflow.issue_type['id']}")
        tenant.admin.delete(f"/issue-workflows/{workflow.id}")
        tenant.admin.delete(f"/issue-screens/{screen['id']}")
        assert (
            tenant.admin.items("/issue-workflow-statuses", status_id=workflow.statuses[0]["id"])
            == []
        )


def test_an_issue_does_not_enter_a_status_that_is_just_removed(tenant: Tenant) -> None:
    for _ in range(5):
        workflow = new_workflow(tenant.admin)
        issue = workflow.open(tenant.member)
        (part,) = tenant.admin.items(
            "/issue-workflow-statuses", status_id=workflow.statuses[1]["id"]
        )
        step = {"transition_id": workflow.there["id"]}
        calls: list[Callable[[], object]] = [
            partial(tenant.member.send, "POST", f"/issues/{issue['id']}/transition", json=step),
            partial(
                tenant.admin.send, "DELETE", f"/issue-workflow-transitions/{workflow.there['id']}"
            ),
            partial(tenant.admin.send, "DELETE", f"/issue-workflow-statuses/{part['id']}"),
        ]
        at_once(calls)
        now = tenant.member.get(f"/issues/{issue['id']}")["status_id"]
        of_workflow = {"workflow_id": workflow.id, "status_id": now}
        assert len(tenant.admin.items("/issue-workflow-statuses", **of_workflow)) == 1


class TestATransition:
    def test_stays_in_its_workflow(self, tenant: Tenant) -> None:
        workflow, other = (new_workflow(tenant.admin) for _ in range(2))
        body: Json = {"workflow_id": workflow.id, "name": "Stray"}
        inside, outside = workflow.statuses[0]["id"], other.statuses[0]["id"]
        for ends, wrong in (
            ({"from_status_id": inside, "to_status_id": outside}, "/to_status_id"),
            ({"from_status_id": outside, "to_status_id": inside}, "/from_status_id"),
            ({"from_status_id": inside, "to_status_id": inside}, "/to_status_id"),
        ):
            sent = {**body, **ends}
            problem = tenant.admin.refused(422, "POST", "/issue-workflow-transitions", sent)
            assert pointers(problem) == [wrong]

    def test_has_a_name_of_its_own_there(self, tenant: Tenant) -> None:
        workflow = new_workflow(tenant.admin)
        here, there = (status["id"] for status in workflow.statuses)
        body = {"workflow_id": workflow.id, "name": "GO", "to_status_id": here}
        tenant.admin.refused(409, "POST", "/issue-workflow-transitions", body)
        made = tenant.admin.post("/issue-workflow-transitions", {**body, "name": "Back"})
        place = f"/issue-workflow-transitions/{made['id']}"
        tenant.admin.refused(409, "PATCH", place, {"name": "go"})
        assert tenant.admin.patch(place, {"from_status_id": there})["from_status_id"] == there


def test_parts_of_what_is_shared_are_the_root_tenants(tenant: Tenant) -> None:
    (workflow,) = tenant.admin.items("/issue-workflows", name="Incident", scope="shared")
    (screen,) = tenant.admin.items("/issue-screens", name="Review", scope="shared")
    bodies: dict[str, Json] = {
        "/issue-workflow-statuses": {
            "workflow_id": workflow["id"],
            "status_id": id_of_new("issue_status_id", tenant.admin),
        },
        "/issue-workflow-transitions": {
            "workflow_id": workflow["id"],
            "name": unique("Step"),
            "to_status_id": tenant.admin.items("/issue-statuses", name="Open")[0]["id"],
        },
        "/issue-screen-fields": {
            "screen_id": screen["id"],
            "field_id": new_field(tenant.admin)["id"],
        },
    }
    for path, body in bodies.items():
        assert slug(tenant.admin.refused(403, "POST", path, body)) == "not-allowed"
        part = tenant.admin.items(path, scope="shared")[0]
        tenant.admin.refused(403, "DELETE", f"{path}/{part['id']}")
        tenant.admin.refused(403, "PATCH", f"{path}/{part['id']}", {})


def test_own_workflows_take_shared_statuses_and_fields(tenant: Tenant) -> None:
    workflow_id = id_of_new("issue_workflow_id", tenant.admin)
    (status,) = tenant.admin.items("/issue-statuses", name="Open", scope="shared")
    ends = {"workflow_id": workflow_id, "status_id": status["id"]}
    assert tenant.admin.post("/issue-workflow-statuses", ends)["tenant_id"] == tenant.id
    (field,) = tenant.admin.items("/issue-fields", key="risk", scope="shared")
    assert new_screen(tenant.admin, field)


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"type": "choice"}, ""),
        ({"type": "choice", "choices": []}, "/choices"),
        ({"type": "choice", "choices": ["a", "a"]}, "/choices"),
        ({"type": "choice", "choices": ["  "]}, "/choices/0"),
        ({"type": "text", "choices": ["a"]}, ""),
        ({"type": "colour"}, "/type"),
        ({"type": "text", "key": "Über"}, "/key"),
        ({"type": "text", "key": "x" * 51}, "/key"),
        ({"type": "text", "key": "cost__gte"}, "/key"),
    ],
)
def test_a_field_makes_sense(tenant: Tenant, body: Json, wrong: str) -> None:
    sent = {"name": unique("Field"), **body}
    assert pointers(tenant.admin.refused(422, "POST", "/issue-fields", sent)) == [wrong]


def test_a_fields_key_is_made_of_its_name_and_stays(tenant: Tenant) -> None:
    field = new_field(tenant.admin, name="Größe in cm (ca.)")
    assert field["key"] == "grosse_in_cm_ca"
    place = f"/issue-fields/{field['id']}"
    for change in ({"key": "other"}, {"type": "number"}):
        tenant.admin.refused(422, "PATCH", place, change)
    tenant.admin.refused(422, "PATCH", place, {"choices": ["a"]})
    sent = {"name": "部屋", "type": "text"}
    assert pointers(tenant.admin.refused(422, "POST", "/issue-fields", sent)) == ["/key"]
