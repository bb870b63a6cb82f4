"""Around an issue: comments, links, watchers; whom it is assigned to."""

from functools import partial

import pytest

from tests.support.api import Api, Json, moment, pointers, slug
from tests.support.database import Session
from tests.support.issues import new_issue, steps
from tests.support.makers import MAKERS, id_of_new
from tests.support.people import Tenant, World
from tests.support.races import at_once, while_locked_by


@pytest.fixture
def issue(tenant: Tenant) -> Json:
    return new_issue(tenant.member)


def watching(api: Api, issue: Json) -> list[str]:
    return [one["user_id"] for one in api.items(f"/issues/{issue['id']}/watchers")]


def link_types(api: Api) -> dict[str, str]:
    return {one["name"]: one["id"] for one in api.items("/issue-link-types", scope="shared")}


class TestComments:
    def test_are_edited_by_their_author_alone(self, tenant: Tenant, issue: Json) -> None:
        path = f"/issues/{issue['id']}/comments"
        made = tenant.member.post(path, {"body": "First"})
        assert (made["author_id"], made["edited_at"]) == (tenant.member.user["id"], None)
        place = f"{path}/{made['id']}"
        tenant.admin.refused(403, "PATCH", place, {"body": "Not theirs"})
        assert tenant.member.patch(place, {"body": "First"}) == made
        edited = tenant.member.patch(place, {"body": "Second"})
        assert (edited["body"], edited["version"]) == ("Second", 2)
        assert moment(edited["edited_at"]) >= moment(made["created_at"])
        (event,) = tenant.admin.items("/audit-events", record_id=made["id"], action="update")
        assert event["changes"]["body"] == ["First", "Second"]

    def test_are_removed_by_an_administrator_too(self, tenant: Tenant, world: World) -> None:
        issue = new_issue(tenant.member)
        path = f"/issues/{issue['id']}/comments"
        first, second = (tenant.member.post(path, {"body": body}) for body in ("a", "b"))
        world.new_user(tenant.admin).refused(403, "DELETE", f"{path}/{first['id']}")
        tenant.member.delete(f"{path}/{first['id']}")
        tenant.admin.delete(f"{path}/{second['id']}")
        assert tenant.member.items(path) == []

    def test_say_something(self, tenant: Tenant, issue: Json) -> None:
        path = f"/issues/{issue['id']}/comments"
        for body in ({}, {"body": "  "}, {"body": None}, {"body": "x" * 20_001}):
            assert pointers(tenant.member.refused(422, "POST", path, body)) == ["/body"]


class TestLinks:
    def test_read_rightly_from_both_ends(self, tenant: Tenant, issue: Json) -> None:
        other = new_issue(tenant.member)
        body = {"link_type_id": link_types(tenant.member)["Causes"], "target_issue_id": other["id"]}
        made = tenant.member.post(f"/issues/{issue['id']}/links", body)
        (here,) = tenant.member.items(f"/issues/{issue['id']}/links")
        (there,) = tenant.member.items(f"/issues/{other['id']}/links")
        assert here == made
        shown = [(one["direction"], one["wording"], one["issue"]["id"]) for one in (here, there)]
        assert shown == [
            ("outward", "causes", other["id"]),
            ("inward", "is caused by", issue["id"]),
        ]
        expected = {name: other[name] for name in ("id", "key", "title", "status_id")}
        assert here["issue"] == expected
        found = tenant.member.items("/issues", linked_issue_id=other["id"])
        assert [one["id"] for one in found] == [issue["id"]]

    def test_are_not_made_twice_nor_mirrored_nor_to_oneself(
        self, tenant: Tenant, issue: Json
    ) -> None:
        other, kinds = new_issue(tenant.member), link_types(tenant.member)
        body = {"link_type_id": kinds["Blocks"], "target_issue_id": other["id"]}
        tenant.member.post(f"/issues/{issue['id']}/links", body)
        mirror = {**body, "target_issue_id": issue["id"]}
        for source, sent, told in (
            (issue, body, "already-linked"),
            (other, mirror, "already-linked"),
            (issue, mirror, "self-link"),
        ):
            problem = tenant.member.refused(409, "POST", f"/issues/{source['id']}/links", sent)
            assert slug(problem) == told
        another = {**mirror, "link_type_id": kinds["Relates"]}
        tenant.member.post(f"/issues/{other['id']}/links", another)

    def test_made_from_both_ends_at_once_are_one(self, tenant: Tenant) -> None:
        kinds = link_types(tenant.member)
        for _ in range(5):
            ends = [new_issue(tenant.member)["id"] for _ in range(2)]
            calls = [
                partial(
                    tenant.member.send,
                    "POST",
                    f"/issues/{source}/links",
                    json={"link_type_id": kinds["Relates"], "target_issue_id": target},
                )
                for source, target in (ends, ends[::-1])
            ]
            answers = at_once(calls)
            assert sorted(answer.status_code for answer in answers) == [201, 409]

    def test_go_to_what_is_live(self, tenant: Tenant, issue: Json) -> None:
        other = new_issue(tenant.member)
        tenant.member.act(f"/issues/{other['id']}/archive")
        body = {"link_type_id": link_types(tenant.member)["Blocks"], "target_issue_id": other["id"]}
        problem = tenant.member.refused(409, "POST", f"/issues/{issue['id']}/links", body)
        assert slug(problem) == "reference-archived"

    def test_hold_their_type(self, tenant: Tenant) -> None:
        made = MAKERS["link_id"].new(
            tenant.member, link_type_id=id_of_new("issue_link_type_id", tenant.admin)
        )
        place = f"/issue-link-types/{made['link_type_id']}"
        problem = tenant.admin.refused(409, "DELETE", place)
        assert problem["conflicts"] == [{"resource": "links", "count": 1}]


class TestWatchers:
    def test_are_reporter_and_assignee_once_each(self, tenant: Tenant, world: World) -> None:
        issue = new_issue(tenant.member, assignee_id=tenant.member.user["id"])
        assert watching(tenant.member, issue) == [tenant.member.user["id"]]
        other = world.new_user(tenant.admin)
        place = f"/issues/{issue['id']}"
        tenant.member.patch(place, {"assignee_id": other.user["id"]})
        tenant.member.patch(place, {"assignee_id": tenant.member.user["id"]})
        assert set(watching(tenant.member, issue)) == {tenant.member.user["id"], other.user["id"]}

    def test_are_the_caller_where_nobody_is_named(self, tenant: Tenant, issue: Json) -> None:
        path = f"/issues/{issue['id']}/watchers"
        made = tenant.admin.expect(201, "POST", path).json()
        assert (made["user_id"], made["added_at"]) == (tenant.admin.user["id"], made["created_at"])
        assert slug(tenant.admin.refused(409, "POST", path, {})) == "already-watching"
        found = tenant.admin.items("/issues", watcher_id=tenant.admin.user["id"], id=issue["id"])
        assert [one["id"] for one in found] == [issue["id"]]

    def test_are_removed_by_themselves_or_an_administrator(
        self, tenant: Tenant, issue: Json, world: World
    ) -> None:
        other = world.new_user(tenant.admin)
        place = f"/issues/{issue['id']}/watchers"
        tenant.member.post(place, {"user_id": other.user["id"]})
        tenant.member.refused(403, "DELETE", f"{place}/{other.user['id']}")
        other.delete(f"{place}/{other.user['id']}")
        other.refused(404, "DELETE", f"{place}/{other.user['id']}")
        tenant.admin.delete(f"{place}/{tenant.member.user['id']}")
        assert watching(tenant.member, issue) == []

    def test_at_once_are_one(self, tenant: Tenant, issue: Json) -> None:
        path = f"/issues/{issue['id']}/watchers"
        answers = at_once([partial(tenant.admin.send, "POST", path)] * 4)
        assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


class TestAnAssignee:
    def test_is_an_active_user_of_the_tenant(
        self, tenant: Tenant, other_tenant: Tenant, world: World, issue: Json
    ) -> None:
        gone = world.new_user(tenant.admin)
        tenant.admin.act(f"/users/{gone.user['id']}/deactivate")
        place = f"/issues/{issue['id']}"
        for user_id in (gone.user["id"], other_tenant.member.user["id"], "x"):
            sent = {"assignee_id": user_id}
            assert pointers(tenant.member.refused(422, "PATCH", place, sent)) == ["/assignee_id"]
            body = {"title": "x", "issue_type": "incident", **sent}
            assert pointers(tenant.member.refused(422, "POST", "/issues", body)) == ["/assignee_id"]

    def test_may_be_deactivated_later(self, tenant: Tenant, world: World) -> None:
        user = world.new_user(tenant.admin)
        issue = new_issue(tenant.member, assignee_id=user.user["id"])
        tenant.admin.act(f"/users/{user.user['id']}/deactivate")
        place = f"/issues/{issue['id']}"
        assert tenant.member.patch(place, {"title": "Still"})["assignee_id"] == user.user["id"]
        shown = tenant.member.get(place, expand="assignee")["assignee"]
        assert shown["username"] == user.user["username"]
        problem = tenant.admin.refused(409, "DELETE", f"/users/{user.user['id']}")
        assert {"resource": "issues", "count": 1} in problem["conflicts"]


def test_filters_by_users_go_with_those_by_issues(tenant: Tenant) -> None:
    """Some of what is named goes to the archive, some does not."""
    made = new_issue(tenant.member, assignee_id=tenant.admin.user["id"])
    other = MAKERS["link_id"].new(tenant.member, {"issue_id": made["id"]})["issue"]["id"]
    asked = {"assignee_id": made["assignee_id"], "reporter_id": made["reporter_id"]}
    found = tenant.member.items("/issues", **asked, linked_issue_id=other)
    assert [one["id"] for one in found] == [made["id"]]


def test_all_references_are_embedded(tenant: Tenant) -> None:
    project = MAKERS["project_id"].new(tenant.admin)
    made = new_issue(tenant.member, project_id=project["id"], assignee_id=tenant.admin.user["id"])
    expand = "status,priority,issue_type,assignee,reporter,project"
    shown = tenant.member.get(f"/issues/{made['id']}", expand=expand)
    assert shown["status"]["name"] == "Open"
    assert shown["issue_type"]["key"] == "incident"
    assert shown["project"]["key"] == project["key"]
    assert shown["reporter"]["id"] == tenant.member.user["id"]
    assert (shown["assignee"]["id"], shown["priority"]["name"]) == (
        tenant.admin.user["id"],
        "Medium",
    )


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({}, {"/title"}),
        ({"title": "x"}, {""}),
        ({"title": "x", "issue_type": "nope"}, {"/issue_type"}),
        ({"title": "x", "issue_type": "incident", "issue_type_id": "x"}, {""}),
        ({"title": "x", "issue_type_id": "x"}, {"/issue_type_id"}),
        ({"title": "x" * 301, "issue_type": "incident"}, {"/title"}),
        ({"title": "x", "issue_type": "incident", "fields": []}, {"/fields"}),
        ({"title": "x", "issue_type": "incident", "due_at": "soon"}, {"/due_at"}),
        (
            {"title": "x", "issue_type": "incident", "due_at": "9999-12-31T23:59:59-14:00"},
            {"/due_at"},
        ),
        (
            {"title": "x", "issue_type": "incident", "due_at": "0001-01-01T00:00:00+14:00"},
            {"/due_at"},
        ),
        (
            {"title": "x", "issue_type": "incident", "due_at": "2027-01-31T12:00:00+99:99"},
            {"/due_at"},
        ),
        ({"title": "x", "issue_type": "incident", "status_id": "x"}, {"/status_id"}),
        ({"title": "x", "issue_type": "incident", "key": "TS-1"}, {"/key"}),
        ({"title": "x", "issue_type": "incident", "number": 1}, {"/number"}),
    ],
)
def test_what_opens_no_issue(tenant: Tenant, body: Json, wrong: set[str]) -> None:
    assert set(pointers(tenant.member.refused(422, "POST", "/issues", body))) == wrong


def test_a_key_names_the_tenants_own_type_before_a_shared_one(
    world: World, other_tenant: Tenant
) -> None:
    own = world.new_tenant()
    incident = MAKERS["issue_type_id"].new(own.admin, key="incident")
    assert new_issue(own.member, "incident")["issue_type_id"] == incident["id"]
    assert new_issue(other_tenant.member, "incident")["issue_type_id"] != incident["id"]
    body = {"title": "x", "issue_type": MAKERS["issue_type_id"].new(own.admin)["key"]}
    assert pointers(other_tenant.member.refused(422, "POST", "/issues", body)) == ["/issue_type"]


def test_nobody_is_assigned_who_is_deactivated_at_once(
    tenant: Tenant, world: World, holder: Session
) -> None:
    user = world.new_user(tenant.admin)
    issue = new_issue(tenant.member)
    sent = {"assignee_id": user.user["id"]}
    gone = "UPDATE users SET deactivated_at = now() WHERE id = :id"
    answer = while_locked_by(
        holder,
        gone,
        lambda: tenant.member.send("PATCH", f"/issues/{issue['id']}", json=sent),
        id=user.user["id"],
    )
    assert answer.status_code == 422


def test_what_has_changed_since_is_not_moved_on(tenant: Tenant) -> None:
    issue = new_issue(tenant.member)
    place = f"/issues/{issue['id']}"
    tenant.member.patch(place, {"title": "Other"})
    sent = {"transition_id": steps(tenant.member, issue)["Start"]["id"]}
    stale = {"If-Match": f'"{issue["version"]}"'}
    tenant.member.refused(412, "POST", f"{place}/transition", sent, headers=stale)


def test_a_word_that_is_asked_for_often_hides_no_other(tenant: Tenant) -> None:
    issue = new_issue(tenant.member)
    for asked in ("open", "done,done,done,open", "in_progress,done,open", "done,open,done,open"):
        found = tenant.member.items("/issues", category=asked, id=issue["id"])
        assert [one["id"] for one in found] == [issue["id"]], asked
    for asked in ("done,in_progress", "done,done,in_progress,done"):
        assert tenant.member.items("/issues", category=asked, id=issue["id"]) == []
        found = tenant.member.items("/issues", category__ne=asked, id=issue["id"])
        assert [one["id"] for one in found] == [issue["id"]], asked
