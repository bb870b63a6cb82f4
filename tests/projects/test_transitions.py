"""Steps through a workflow: what is open, what it asks for, who comes first."""

from collections.abc import Mapping
from functools import partial

import pytest

from tests.support.api import Json, pointers, slug
from tests.support.database import Session
from tests.support.issues import (
    new_field,
    new_issue,
    new_screen,
    new_workflow,
    steps,
    take,
    walk,
)
from tests.support.makers import MAKERS
from tests.support.people import Tenant, unique
from tests.support.races import at_once, while_locked_by

# A way through each kind as it is shared, there and back to where it began.
ROUNDS: Mapping[str, tuple[str, ...]] = {
    "service_request": ("Start", "Wait", "Resume", "Resolve", "Close", "Reopen"),
    "known_problem": ("Investigate", "Resolve", "Close", "Reopen"),
    "incident": ("Start", "Resolve", "Continue", "Resolve", "Close", "Reopen"),
    "repair": ("Start", "Resolve", "Close", "Reopen"),
}


@pytest.mark.parametrize("kind", ROUNDS)
def test_a_new_tenant_walks_each_kind_and_reopens_it(tenant: Tenant, kind: str) -> None:
    issue = new_issue(tenant.member, kind)
    back = walk(tenant.member, issue, *ROUNDS[kind])
    assert (issue["kind"], back["status_id"], back["closed_at"]) == (kind, issue["status_id"], None)


def test_a_change_is_approved_before_it_is_done(tenant: Tenant) -> None:
    change = new_issue(tenant.member, "change")
    assert set(steps(tenant.member, change)) == {"Submit for approval", "Cancel"}
    waiting = take(tenant.member, change, "Submit for approval", fields={"risk": "Low"})
    assert set(steps(tenant.member, waiting)) == {"Approve", "Reject", "Send back"}
    done = walk(tenant.member, waiting, "Approve", "Start", "Review", "Close")
    assert done["category"] == "done"
    assert walk(tenant.member, done, "Reopen")["status_id"] == change["status_id"]


def test_an_analysis_closes_only_through_a_review(tenant: Tenant) -> None:
    analysis = walk(tenant.member, new_issue(tenant.member, "post_incident_analysis"), "Start")
    assert set(steps(tenant.member, analysis)) == {"Submit for review"}
    place = f"/issues/{analysis['id']}/transition"
    step = {"transition_id": steps(tenant.member, analysis)["Submit for review"]["id"]}
    assert pointers(tenant.member.refused(422, "POST", place, step)) == ["/fields/root_cause"]
    tenant.member.act(place, {**step, "fields": {"root_cause": "A single cable."}})
    assert walk(tenant.member, analysis, "Accept")["category"] == "done"


def test_when_it_was_closed_follows_the_status(tenant: Tenant) -> None:
    issue = walk(tenant.member, new_issue(tenant.member), "Start")
    assert (issue["category"], issue["closed_at"]) == ("in_progress", None)
    resolved = take(tenant.member, issue, "Resolve")
    closed = take(tenant.member, resolved, "Close")
    assert resolved["closed_at"] == closed["closed_at"]  # from done to done it stays
    assert resolved["closed_at"] is not None
    assert take(tenant.member, closed, "Reopen")["closed_at"] is None


def test_a_step_that_is_closed_is_refused_with_those_that_are_open(tenant: Tenant) -> None:
    issue = new_issue(tenant.member)
    close = steps(tenant.member, issue, unavailable="true")["Close"]
    sent = {"transition_id": close["id"]}
    problem = tenant.member.refused(409, "POST", f"/issues/{issue['id']}/transition", sent)
    assert (slug(problem), problem["state"], problem["allowed"]) == (
        "wrong-move",
        "Open",
        ["Start"],
    )
    assert tenant.member.get(f"/issues/{issue['id']}") == issue


def test_what_is_closed_says_why(tenant: Tenant) -> None:
    issue = new_issue(tenant.member)
    shown = steps(tenant.member, issue, unavailable="true")
    assert (shown["Start"]["is_available"], shown["Start"]["reasons"]) == (True, [])
    assert shown["Close"]["reasons"] == ["It leaves Resolved, the issue is Open."]
    assert not shown["Close"]["is_available"]
    assert set(steps(tenant.member, issue)) == {"Start"}
    tenant.member.act(f"/issues/{issue['id']}/archive")
    assert steps(tenant.member, issue) == {}
    archived = steps(tenant.member, issue, unavailable="true")["Start"]
    assert archived["reasons"] == ["The issue is archived: restore it first."]
    sent = {"transition_id": archived["id"]}
    problem = tenant.member.refused(409, "POST", f"/issues/{issue['id']}/transition", sent)
    assert slug(problem) == "record-archived"


def test_the_form_is_told_whole(tenant: Tenant) -> None:
    admin = tenant.admin
    fields = [new_field(admin, "choice"), new_field(admin, "number", is_required=True)]
    screen = new_screen(admin, *fields, is_required=False)
    workflow = new_workflow(admin, screen_id=screen["id"])
    issue = workflow.open(admin, fields={fields[0]["key"]: "Low"})
    (step,) = steps(tenant.member, issue).values()
    status = workflow.statuses[1]
    assert step["to_status"] == {n: status[n] for n in ("id", "name", "category")}
    shown = [
        {**{n: f[n] for n in ("key", "name", "type", "choices")}, "is_required": r, "value": v}
        for f, r, v in ((fields[0], False, "Low"), (fields[1], True, None))
    ]
    assert step["fields"] == shown


def test_what_is_required_has_to_come(tenant: Tenant) -> None:
    admin = tenant.admin
    number, flag, choice = (new_field(admin, kind) for kind in ("number", "boolean", "choice"))
    screen = new_screen(admin, number, flag, choice)
    workflow = new_workflow(admin, screen_id=screen["id"], requires_comment=True)
    issue = workflow.open(admin)
    place, step = f"/issues/{issue['id']}/transition", {"transition_id": workflow.there["id"]}
    keys = [field["key"] for field in (number, flag, choice)]
    for blank in ({}, {keys[2]: " "}, {keys[0]: None}):
        problem = tenant.member.refused(422, "POST", place, {**step, "fields": blank})
        assert set(pointers(problem)) == {"/comment", *(f"/fields/{key}" for key in keys)}
    # 0 and false are values.
    given = {keys[0]: 0, keys[1]: False, keys[2]: "Low"}
    for silent in ({}, {"comment": None}, {"comment": "  "}):
        sent = {**step, "fields": given, **silent}
        assert pointers(tenant.member.refused(422, "POST", place, sent)) == ["/comment"]
    assert tenant.member.get(f"/issues/{issue['id']}") == issue
    gone = tenant.member.act(place, {**step, "fields": given, "comment": "On its way."})
    assert (gone["fields"], gone["version"]) == (given, 2)
    (comment,) = tenant.member.items(f"/issues/{issue['id']}/comments")
    said = (comment["body"], comment["author_id"])
    assert said == ("On its way.", tenant.member.user["id"])


def test_what_the_issue_has_need_not_come_again(tenant: Tenant) -> None:
    field = new_field(tenant.admin)
    workflow = new_workflow(tenant.admin, screen_id=new_screen(tenant.admin, field)["id"])
    issue = workflow.open(tenant.admin, fields={field["key"]: "known"})
    assert take(tenant.member, issue, "Go")["fields"] == {field["key"]: "known"}


def test_a_step_that_fails_leaves_nothing(tenant: Tenant) -> None:
    issue = new_issue(tenant.member)
    step = {"transition_id": steps(tenant.member, issue)["Start"]["id"], "comment": "Begun."}
    place = f"/issues/{issue['id']}"
    for fields in ({"nope": 1}, {"risk": "None"}, {"planned_start": "soon"}):
        sent = {**step, "fields": fields}
        problem = tenant.member.refused(422, "POST", f"{place}/transition", sent)
        assert pointers(problem) == [f"/fields/{next(iter(fields))}"]
    assert tenant.member.get(place) == issue
    assert tenant.member.items(f"{place}/comments") == []


def test_a_step_of_another_workflow_is_none(tenant: Tenant, other_tenant: Tenant) -> None:
    issue = new_issue(tenant.member)
    others = [new_workflow(one.admin).there["id"] for one in (tenant, other_tenant)]
    for transition_id in (*others, "x", "01J0000000000000000000000Z"):
        sent = {"transition_id": transition_id}
        problem = tenant.member.refused(422, "POST", f"/issues/{issue['id']}/transition", sent)
        assert pointers(problem) == ["/transition_id"]


def test_a_step_from_anywhere_is_open_but_where_it_leads(tenant: Tenant) -> None:
    workflow = new_workflow(tenant.admin)
    here, there = workflow.statuses
    leads = {"workflow_id": workflow.id, "name": "Back", "to_status_id": here["id"]}
    tenant.admin.post("/issue-workflow-transitions", leads)
    issue = workflow.open(tenant.member)
    assert set(steps(tenant.member, issue)) == {"Go"}
    gone = take(tenant.member, issue, "Go")
    assert gone["status_id"] == there["id"]
    assert take(tenant.member, gone, "Back")["status_id"] == here["id"]


def test_of_two_at_once_one_is_taken(tenant: Tenant) -> None:
    for _ in range(5):
        issue = new_issue(tenant.member)
        start = {"transition_id": steps(tenant.member, issue)["Start"]["id"]}
        place = f"/issues/{issue['id']}/transition"
        answers = at_once([partial(tenant.member.send, "POST", place, json=start)] * 2)
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        (refused,) = (answer.json() for answer in answers if answer.status_code == 409)
        assert (refused["state"], refused["allowed"]) == ("In progress", ["Resolve", "Wait"])
        assert tenant.member.get(f"/issues/{issue['id']}")["version"] == 2


def test_a_status_is_not_patched(tenant: Tenant) -> None:
    issue = new_issue(tenant.member)
    sent = {"status_id": issue["status_id"]}
    problem = tenant.member.refused(422, "PATCH", f"/issues/{issue['id']}", sent)
    assert pointers(problem) == ["/status_id"]
    assert "/transition" in str(problem)


def test_a_type_is_changed_where_its_workflow_has_the_status(tenant: Tenant) -> None:
    issue = new_issue(tenant.member)
    place = f"/issues/{issue['id']}"
    own = new_workflow(tenant.admin).issue_type["id"]
    problem = tenant.member.refused(409, "PATCH", place, {"issue_type_id": own})
    assert slug(problem) == "status-not-in-workflow"
    (repair,) = tenant.member.items("/issue-types", key="repair", scope="shared")
    changed = tenant.member.patch(place, {"issue_type_id": repair["id"]})
    assert (changed["kind"], changed["status_id"]) == ("repair", issue["status_id"])


def test_a_type_whose_workflow_is_empty_opens_nothing(tenant: Tenant) -> None:
    workflow_id = MAKERS["issue_workflow_id"].new(tenant.admin)["id"]
    issue_type = MAKERS["issue_type_id"].new(tenant.admin, workflow_id=workflow_id)
    sent: Json = {"title": unique("Issue"), "issue_type_id": issue_type["id"]}
    assert slug(tenant.member.refused(409, "POST", "/issues", sent)) == "workflow-empty"


def test_a_step_of_the_workflow_that_was_is_not_taken(tenant: Tenant, holder: Session) -> None:
    workflow, other = (new_workflow(tenant.admin) for _ in range(2))
    for status in workflow.statuses:
        ends = {"workflow_id": other.id, "status_id": status["id"]}
        tenant.admin.post("/issue-workflow-statuses", ends)
    issue = workflow.open(tenant.member)
    sent = {"transition_id": workflow.there["id"]}
    answer = while_locked_by(
        holder,
        "UPDATE issue_types SET workflow_id = :workflow WHERE id = :id",
        lambda: tenant.member.send("POST", f"/issues/{issue['id']}/transition", json=sent),
        workflow=other.id,
        id=workflow.issue_type["id"],
    )
    assert answer.status_code == 422
