"""Repairs: an issue about an asset; what an issue has is read and written through it."""

from tests.support.api import Api, Json, pointers, slug
from tests.support.assets import new_asset, shown
from tests.support.issues import walk
from tests.support.makers import MAKERS, new_location
from tests.support.people import Tenant, World, unique


def new_repair(api: Api, asset: Json, **given: object) -> Json:
    body = {"asset_id": asset["id"], "title": unique("Hinge"), **given}
    made: Json = api.post("/asset-repairs", body)
    return made


def issue_of(api: Api, repair: Json) -> Json:
    found: Json = api.get(f"/issues/{repair['issue_id']}")
    return found


def test_a_repair_opens_its_issue(api: Api) -> None:
    asset, room = new_asset(api), new_location(api)
    repair = new_repair(api, asset, description="It creaks.", location_id=room["id"])
    issue = issue_of(api, repair)
    assert (issue["kind"], issue["title"], issue["description"]) == (
        "repair",
        repair["title"],
        "It creaks.",
    )
    assert (repair["status_id"], repair["priority_id"]) == (
        issue["status_id"],
        issue["priority_id"],
    )
    assert (repair["reported_at"], repair["resolved_at"]) == (issue["opened_at"], None)
    project = api.get(f"/projects/{issue['project_id']}")
    assert project["name"] == "Maintenance Service"
    assert shown(api, asset)["open_repair_count"] == 1


def test_it_follows_its_issue(api: Api) -> None:
    asset = new_asset(api)
    repair, other = new_repair(api, asset), new_repair(api, asset)
    assert shown(api, asset)["open_repair_count"] == 2
    place = f"/asset-repairs/{repair['id']}"
    done = walk(api, issue_of(api, repair), "Start", "Resolve", "Close")
    followed = api.get(place)
    assert (followed["status_id"], followed["resolved_at"]) == (
        done["status_id"],
        done["closed_at"],
    )
    assert followed["version"] == repair["version"] + 3
    api.refused(412, "PATCH", place, {"title": "Late"}, headers={"If-Match": '"1"'})
    assert shown(api, asset)["open_repair_count"] == 1
    walk(api, done, "Reopen")
    assert shown(api, asset)["open_repair_count"] == 2
    api.act(f"/issues/{other['issue_id']}/archive")
    assert shown(api, asset)["open_repair_count"] == 1
    of_asset = {"asset_id": asset["id"]}
    assert [r["id"] for r in api.items("/asset-repairs", **of_asset)] == [repair["id"]]
    both = api.items("/asset-repairs", **of_asset, archived="any")
    assert [r["id"] for r in both] == [repair["id"], other["id"]]


def test_its_issue_is_written_through_it(api: Api) -> None:
    repair, room = new_repair(api, new_asset(api)), new_location(api)
    place = f"/asset-repairs/{repair['id']}"
    (high,) = api.items("/issue-priorities", name="High")
    changes = {
        "title": unique("Lid"),
        "description": None,
        "priority_id": high["id"],
        "location_id": room["id"],
    }
    changed = api.patch(place, changes)
    assert {name: changed[name] for name in changes} == changes
    assert api.get(place) == changed
    issue = issue_of(api, repair)
    assert (issue["title"], issue["priority_id"]) == (changes["title"], high["id"])
    fields = {one["field"] for one in api.items(f"/issues/{issue['id']}/history")}
    assert fields == {"title", "priority"}
    told = api.refused(422, "PATCH", place, {"status_id": issue["status_id"]})
    assert pointers(told) == ["/status_id"]
    assert api.patch(place, {"title": changes["title"]}) == changed


def test_the_version_of_a_repair_is_its_own(api: Api) -> None:
    repair, room = new_repair(api, new_asset(api)), new_location(api)
    place = f"/asset-repairs/{repair['id']}"
    moved = api.patch(place, {"location_id": room["id"]})
    for title in ("Lid", "Lamp"):
        current = {"If-Match": f'"{moved["version"]}"'}
        moved = api.patch(place, {"title": title, "location_id": None}, headers=current)
    api.refused(412, "PATCH", place, {"title": "Late"}, headers={"If-Match": '"1"'})
    assert api.get(place) == moved


def test_a_change_of_an_issue_that_is_archived_changes_nothing(api: Api) -> None:
    repair, room = new_repair(api, new_asset(api)), new_location(api)
    api.act(f"/issues/{repair['issue_id']}/archive")
    place = f"/asset-repairs/{repair['id']}"
    for changes in (
        {"title": "Late"},
        {"title": "Late", "location_id": room["id"]},
        {"location_id": room["id"]},
    ):
        assert slug(api.refused(409, "PATCH", place, changes)) == "record-archived"
    assert api.get(place)["location_id"] is None


def test_a_type_of_another_kind_is_refused(api: Api) -> None:
    asset = new_asset(api)
    (incident,) = api.items("/issue-types", key="incident")
    body = {"asset_id": asset["id"], "title": "Hinge", "issue_type_id": incident["id"]}
    assert pointers(api.refused(422, "POST", "/asset-repairs", body)) == ["/issue_type_id"]
    repairs = MAKERS["issue_type_id"].new(api, kind="repair")
    made = new_repair(api, asset, issue_type_id=repairs["id"], project_id=None)
    assert issue_of(api, made)["issue_type_id"] == repairs["id"]


def test_what_is_named_has_to_be_there(api: Api, other_tenant: Tenant) -> None:
    asset, foreign = new_asset(api), new_asset(other_tenant.admin)
    nobody = "01J0000000000000000000000Z"
    for name in ("asset_id", "location_id", "priority_id", "project_id", "issue_type_id"):
        body = {"asset_id": asset["id"], "title": "Hinge", name: nobody}
        assert pointers(api.refused(422, "POST", "/asset-repairs", body)) == [f"/{name}"]
    body = {"asset_id": foreign["id"], "title": "Hinge"}
    assert pointers(api.refused(422, "POST", "/asset-repairs", body)) == ["/asset_id"]
    assert shown(api, asset)["open_repair_count"] == 0


def test_what_is_gone_is_not_repaired(api: Api) -> None:
    asset = new_asset(api)
    api.act(f"/assets/{asset['id']}/mark-stolen")
    told = api.refused(409, "POST", "/asset-repairs", {"asset_id": asset["id"], "title": "Hinge"})
    assert (slug(told), told["state"]) == ("asset-not-active", "stolen")
    assert api.items("/asset-repairs", asset_id=asset["id"]) == []


def test_repairs_are_found_by_what_is_their_issues(world: World) -> None:
    own = world.new_tenant().admin
    asset = new_asset(own)
    repairs = [new_repair(own, asset, title=title) for title in ("Beta", "alpha", "Gamma ray")]
    beta, alpha, gamma = (one["id"] for one in repairs)

    def found(**query: object) -> list[str]:
        return [item["id"] for item in own.items("/asset-repairs", **query)]

    walk(own, issue_of(own, repairs[0]), "Start", "Resolve", "Close")
    assert found(sort="title") == [alpha, beta, gamma]
    assert found(sort="-reported_at") == [gamma, alpha, beta]
    assert found(sort="resolved_at") == [beta, alpha, gamma]
    assert found(title="Beta") == [beta]
    assert found(title__contains="AMMA") == [gamma]
    assert found(q="gam ray") == [gamma]
    assert found(resolved_at__isnull="false") == [beta]
    assert found(status_id=repairs[1]["status_id"]) == [alpha, gamma]
    assert found(reported_at__gte=repairs[1]["reported_at"]) == [alpha, gamma]
    pages = own.pages("/asset-repairs", sort="-title", limit=1)
    assert [item["id"] for item in pages] == [gamma, beta, alpha]


def test_a_repair_holds_its_issue_and_its_asset(api: Api) -> None:
    repair = new_repair(api, new_asset(api))
    for place in (f"/issues/{repair['issue_id']}", f"/assets/{repair['asset_id']}"):
        told = api.refused(409, "DELETE", place)
        assert told["conflicts"] == [{"resource": "asset-repairs", "count": 1}]


def test_the_issue_of_a_repair_stays_of_its_kind(api: Api) -> None:
    repair = new_repair(api, new_asset(api))
    incident = {"issue_type_id": MAKERS["issue_type_id"].new(api, kind="incident")["id"]}
    problem = api.refused(409, "PATCH", f"/issues/{repair['issue_id']}", incident)
    assert slug(problem) in {"issue-of-repair", "status-not-in-workflow"}
    workflow_id = api.get(f"/issue-types/{issue_of(api, repair)['issue_type_id']}")["workflow_id"]
    same = MAKERS["issue_type_id"].new(api, kind="incident", workflow_id=workflow_id)
    problem = api.refused(
        409, "PATCH", f"/issues/{repair['issue_id']}", {"issue_type_id": same["id"]}
    )
    assert slug(problem) == "issue-of-repair"
