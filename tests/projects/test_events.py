"""History and activity: what happened to an issue, told by the audit log's events."""

from tests.support.api import Json
from tests.support.database import Session
from tests.support.issues import new_field, new_issue, shared_project, take
from tests.support.makers import MAKERS, new_person
from tests.support.people import Tenant, World


def history(tenant: Tenant, issue: Json) -> list[Json]:
    return tenant.member.items(f"/issues/{issue['id']}/history")


def activity(tenant: Tenant, issue: Json) -> list[Json]:
    return tenant.member.items(f"/issues/{issue['id']}/activity")


def link(tenant: Tenant, source: Json, target: Json, name: str = "Blocks") -> Json:
    (kind,) = tenant.member.items("/issue-link-types", name=name, scope="shared")
    body = {"target_issue_id": target["id"], "link_type_id": kind["id"]}
    made: Json = tenant.member.post(f"/issues/{source['id']}/links", body)
    return made


def test_each_changed_field_has_an_entry(tenant: Tenant) -> None:
    issue = new_issue(tenant.member)
    assert history(tenant, issue) == []
    tenant.admin.patch(f"/issues/{issue['id']}", {"title": "New", "description": "Long"})
    found = history(tenant, issue)
    told = {entry["field"]: (entry["old"], entry["new"]) for entry in found}
    assert told == {"title": (issue["title"], "New"), "description": (None, "Long")}
    assert {entry["actor_id"] for entry in found} == {tenant.admin.user["id"]}
    assert len({entry["id"] for entry in found}) == 2


def test_references_are_told_by_their_names_of_now(tenant: Tenant) -> None:
    issue = new_issue(tenant.member)
    priority = MAKERS["issue_priority_id"].new(tenant.admin)
    changes = {"priority_id": priority["id"], "assignee_id": tenant.admin.user["id"]}
    tenant.member.patch(f"/issues/{issue['id']}", changes)
    tenant.admin.patch(
        f"/issue-priorities/{priority['id']}", {"name": "Renamed " + priority["name"]}
    )
    told = {entry["field"]: entry for entry in history(tenant, issue)}
    assert told["priority"]["old"] == {"id": issue["priority_id"], "name": "Medium"}
    assert told["priority"]["new"]["name"] == "Renamed " + priority["name"]
    assert told["assignee"]["new"] == {
        "id": tenant.admin.user["id"],
        "name": tenant.admin.user["full_name"],
    }


def test_custom_fields_are_told_one_by_one(tenant: Tenant) -> None:
    number, person = new_field(tenant.admin, "number"), new_field(tenant.admin, "person")
    somebody = new_person(tenant.member)
    issue = new_issue(tenant.member, fields={number["key"]: 0})
    given = {number["key"]: 7, person["key"]: somebody["id"]}
    tenant.member.patch(f"/issues/{issue['id']}", {"fields": given})
    told = {entry["field"]: (entry["old"], entry["new"]) for entry in history(tenant, issue)}
    assert told == {
        f"cf_{number['key']}": (0, 7),
        f"cf_{person['key']}": (None, {"id": somebody["id"], "name": "Zoë Ito"}),
    }


def test_a_move_is_told_with_its_key(tenant: Tenant) -> None:
    issue = new_issue(tenant.member)
    project_id = shared_project(tenant.member)
    moved = tenant.member.patch(f"/issues/{issue['id']}", {"project_id": project_id})
    told = {entry["field"]: (entry["old"], entry["new"]) for entry in history(tenant, issue)}
    assert told == {
        "project": (None, {"id": project_id, "name": "Technology Service"}),
        "key": (None, moved["key"]),
    }


def test_what_a_statement_changed_in_bulk_is_in_it(tenant: Tenant, superuser: Session) -> None:
    issue = new_issue(tenant.member)
    superuser.run("UPDATE issues SET title = 'In bulk' WHERE id = :id", id=issue["id"])
    (entry,) = history(tenant, issue)
    assert (entry["new"], entry["actor_id"]) == ("In bulk", None)


def test_the_actor_stays_after_their_deactivation(tenant: Tenant, world: World) -> None:
    user = world.new_user(tenant.admin)
    issue = new_issue(tenant.member)
    user.patch(f"/issues/{issue['id']}", {"title": "Theirs"})
    tenant.admin.act(f"/users/{user.user['id']}/deactivate")
    (entry,) = tenant.member.items(f"/issues/{issue['id']}/history", expand="actor")
    assert entry["actor_id"] == user.user["id"]
    assert entry["actor"]["username"] == user.user["username"]
    by_them = {"actor_id": user.user["id"]}
    assert len(tenant.member.items(f"/issues/{issue['id']}/history", **by_them)) == 1


def test_a_link_stands_in_both_histories(tenant: Tenant) -> None:
    source = new_issue(tenant.member, project_id=shared_project(tenant.member))
    target = new_issue(tenant.member)
    made = link(tenant, source, target)
    tenant.member.delete(f"/issues/{target['id']}/links/{made['id']}")
    for issue, other, wording in (
        (source, target, f"blocks {target['title']}"),
        (target, source, f"is blocked by {source['key']}"),
    ):
        gone, linked = history(tenant, issue)
        named = {"id": other["id"], "name": wording}
        assert (linked["field"], linked["old"], linked["new"]) == ("link", None, named)
        assert (gone["old"], gone["new"]) == (named, None)
        assert [entry["kind"] for entry in activity(tenant, issue)][:2] == ["unlinked", "linked"]


def test_activity_tells_everything_the_newest_first(tenant: Tenant) -> None:
    issue = new_issue(tenant.member)
    place = f"/issues/{issue['id']}"
    tenant.member.patch(place, {"title": "New"})
    take(tenant.member, issue, "Start", comment="Begun.")
    comment = tenant.member.post(f"{place}/comments", {"body": "First"})
    tenant.member.patch(f"{place}/comments/{comment['id']}", {"body": "Second"})
    watcher = tenant.member.post(f"{place}/watchers", {"user_id": tenant.admin.user["id"]})
    tenant.admin.delete(f"{place}/watchers/{watcher['user_id']}")
    tenant.member.act(f"{place}/archive")
    tenant.member.act(f"{place}/restore")
    found = activity(tenant, issue)
    assert [entry["kind"] for entry in found] == [
        "restored", "archived", "unwatched", "watched", "comment_edited", "commented",
        "transitioned", "commented", "changed", "watched", "created",
    ]  # fmt: skip
    assert tenant.member.pages(f"{place}/activity", limit=2) == found
    by_kind = {entry["kind"]: entry["detail"] for entry in reversed(found)}
    assert by_kind["commented"] == {"comment_id": comment["id"], "body": "Second"}
    (change,) = by_kind["transitioned"]["changes"]
    assert (change["field"], change["new"]["name"]) == ("status", "In progress")
    (renamed,) = tenant.member.items(f"{place}/activity", kind="changed", fields="id,kind")
    assert renamed.keys() == {"id", "kind"}


def test_a_removed_comment_is_told_without_its_text(tenant: Tenant) -> None:
    issue = new_issue(tenant.member)
    place = f"/issues/{issue['id']}/comments"
    comment = tenant.member.post(place, {"body": "A secret"})
    tenant.member.delete(f"{place}/{comment['id']}")
    found = activity(tenant, issue)
    assert [entry["kind"] for entry in found][:2] == ["comment_deleted", "commented"]
    assert "A secret" not in str(found)
    events = tenant.admin.items("/audit-events", record_id=comment["id"])
    assert "A secret" in str(events)  # which administrators read


def test_another_tenants_events_are_nobodys(tenant: Tenant, other_tenant: Tenant) -> None:
    issue = new_issue(tenant.member)
    for below in ("history", "activity"):
        other_tenant.admin.refused(404, "GET", f"/issues/{issue['id']}/{below}")


def test_what_is_named_out_of_reach_has_no_name(tenant: Tenant, world: World) -> None:
    user = world.new_user(tenant.admin)
    issue = new_issue(tenant.member, assignee_id=user.user["id"])
    tenant.member.patch(f"/issues/{issue['id']}", {"assignee_id": None})
    elsewhere = world.new_tenant()
    elsewhere.join(user)
    user.within(None).delete(f"/me/tenants/{tenant.id}")
    (entry,) = history(tenant, issue)
    assert entry["old"] == {"id": user.user["id"], "name": None}


def test_a_removed_issue_has_no_story(tenant: Tenant) -> None:
    issue = new_issue(tenant.member)
    tenant.member.patch(f"/issues/{issue['id']}", {"title": "Soon gone"})
    tenant.admin.delete(f"/issues/{issue['id']}")
    for below in ("history", "activity"):
        tenant.member.refused(404, "GET", f"/issues/{issue['id']}/{below}")


def test_times_and_reasons_are_told_as_answers_tell_them(tenant: Tenant) -> None:
    issue = new_issue(tenant.member)
    place = f"/issues/{issue['id']}"
    moment = "2027-01-01T10:00:00.5+02:00"
    due = tenant.member.patch(place, {"due_at": moment})["due_at"]
    archived = tenant.member.act(f"{place}/archive", {"reason": "a double"})["archived_at"]
    told = {entry["field"]: entry["new"] for entry in history(tenant, issue)}
    assert told == {"due_at": due, "archived_at": archived}
    assert activity(tenant, issue)[0]["detail"]["reason"] == "a double"
