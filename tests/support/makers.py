"""A sample of each resource, made with as little said as it allows: one table for all tests."""

import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.api import Api, Json
from tests.support.people import person, unique

NO_IDS: Mapping[str, str] = {}
FIXED: Mapping[str, str] = {"slug": "stale"}  # what stands in a path and is no record's


@dataclass(frozen=True)
class Maker:
    """Where a record is posted, and the body: each time another."""

    path: str
    body: Callable[[Api], Json]

    def new(self, api: Api, ids: Mapping[str, str] = NO_IDS, **given: Any) -> Json:
        """A record below those that `ids` names, and below new ones where it names none."""
        place = placed(api, self.path, ids)
        made: Json = api.post(place, {**self.body(api), **given})
        return made


class SessionMaker(Maker):
    """Another session of the caller."""

    def new(self, api: Api, ids: Mapping[str, str] = NO_IDS, **given: Any) -> Json:  # noqa: ARG002
        form = {"username": api.user["username"], "password": api.password}
        token = api.expect(200, "POST", self.path, data=form).json()["access_token"]
        (made,) = api.items("/me/sessions", id=token.removeprefix("nxs_")[:26])
        return made


class EventMaker(Maker):
    """The event of a new group."""

    def new(self, api: Api, ids: Mapping[str, str] = NO_IDS, **given: Any) -> Json:  # noqa: ARG002
        group = MAKERS["group_id"].new(api)
        (made,) = api.items("/audit-events", record_id=group["id"])
        return made


def named(word: str) -> Callable[[Api], Json]:
    return lambda _: {"name": unique(word)}


def id_of_new(parameter: str, api: Api) -> str:
    return str(MAKERS[parameter].new(api)["id"])


def shared(api: Api, path: str, **of: Any) -> str:
    """A record that all tenants share."""
    return str(api.items(path, scope="shared", **of)[0]["id"])


def room(api: Api) -> str:
    return shared(api, "/location-types", name="Room")


def step(api: Api) -> Json:
    """A transition between two statuses of a new workflow."""
    workflow_id = id_of_new("issue_workflow_id", api)
    ends = [new_workflow_status(api, workflow_id)["status_id"] for _ in range(2)]
    names = {"name": unique("Step"), "workflow_id": workflow_id}
    return {**names, "from_status_id": ends[0], "to_status_id": ends[1]}


def new_workflow_status(api: Api, workflow_id: str) -> Json:
    return MAKERS["issue_workflow_status_id"].new(api, workflow_id=workflow_id)


def hired(api: Api, **given: Any) -> Json:
    """An employment that began long ago."""
    employment = MAKERS["school_employment_id"].new(api, **given)
    step = {"hire_date": "2000-01-01"}
    made: Json = api.act(f"/school-employments/{employment['id']}/hire", step)
    return made


RANKS = itertools.count(100)


# By the path's parameter that names such a record.
MAKERS: Mapping[str, Maker] = {
    "tenant_id": Maker("/tenants", named("Tenant")),
    "user_id": Maker("/users", lambda _: person()),
    "group_id": Maker("/groups", named("Group")),
    "membership_id": Maker(
        "/groups/{group_id}/memberships", lambda api: {"user_id": id_of_new("user_id", api)}
    ),
    "session_id": SessionMaker("/me/signin", lambda _: {}),
    "audit_event_id": EventMaker("/groups", lambda _: {}),
    "location_type_id": Maker("/location-types", named("Type")),
    "location_id": Maker(
        "/locations", lambda api: {"name": unique("Place"), "type_id": room(api)}
    ),
    "ci_id": Maker("/configuration-items", named("Item")),
    "relationship_id": Maker(
        "/configuration-items/{ci_id}/relationships",
        lambda api: {"target_id": id_of_new("ci_id", api), "relationship_type": "depends_on"},
    ),
    "person_id": Maker(
        "/persons",
        lambda _: {
            "external_id": unique("E"),
            "identity": {"first_name": "Zoë", "last_name": unique("Ito")},
        },
    ),
    "identity_id": Maker(
        "/persons/{person_id}/identities",
        lambda _: {"first_name": "Zoe", "last_name": unique("Okafor")},
    ),
    "contact_id": Maker(
        "/persons/{person_id}/contacts", lambda _: {"type": "other", "value": unique("desk")}
    ),
    "project_id": Maker("/projects", named("Project")),
    "issue_id": Maker(
        "/issues", lambda _: {"title": unique("Issue"), "issue_type": "service_request"}
    ),
    "comment_id": Maker("/issues/{issue_id}/comments", lambda _: {"body": unique("Said")}),
    "attachment_id": Maker(
        "/issues/{issue_id}/attachments",
        lambda _: {"filename": unique("File"), "content_type": "text/plain", "size": 4},
    ),
    "link_id": Maker(
        "/issues/{issue_id}/links",
        lambda api: {
            "target_issue_id": id_of_new("issue_id", api),
            "link_type_id": shared(api, "/issue-link-types", name="Blocks"),
        },
    ),
    "issue_type_id": Maker(
        "/issue-types",
        lambda api: {
            "name": unique("Type"),
            "kind": "incident",
            "workflow_id": shared(api, "/issue-workflows", name="Incident"),
        },
    ),
    "issue_status_id": Maker(
        "/issue-statuses", lambda _: {"name": unique("Status"), "category": "open"}
    ),
    "issue_priority_id": Maker(
        "/issue-priorities", lambda _: {"name": unique("Priority"), "rank": next(RANKS)}
    ),
    "issue_link_type_id": Maker(
        "/issue-link-types",
        lambda _: {"name": unique("Link"), "outward": "leads to", "inward": "follows from"},
    ),
    "issue_workflow_id": Maker("/issue-workflows", named("Workflow")),
    "issue_workflow_status_id": Maker(
        "/issue-workflow-statuses",
        lambda api: {
            "workflow_id": id_of_new("issue_workflow_id", api),
            "status_id": id_of_new("issue_status_id", api),
        },
    ),
    "issue_workflow_transition_id": Maker("/issue-workflow-transitions", step),
    "issue_field_id": Maker("/issue-fields", lambda _: {"name": unique("Field"), "type": "text"}),
    "issue_screen_id": Maker("/issue-screens", named("Screen")),
    "issue_screen_field_id": Maker(
        "/issue-screen-fields",
        lambda api: {
            "screen_id": id_of_new("issue_screen_id", api),
            "field_id": id_of_new("issue_field_id", api),
        },
    ),
    "manufacturer_id": Maker("/manufacturers", named("Manufacturer")),
    "asset_type_id": Maker("/asset-types", named("Type")),
    "asset_model_id": Maker(
        "/asset-models", lambda _: {"name": unique("Model"), "tracking_type": "serialized"}
    ),
    "asset_id": Maker(
        "/assets",
        lambda api: {
            "name": unique("Asset"),
            "model_id": MAKERS["asset_model_id"].new(api, tracking_type="countable")["id"],
            "quantity": 1000,
        },
    ),
    "assignment_id": Maker(
        "/asset-assignments",
        lambda api: {
            "asset_id": id_of_new("asset_id", api), "person_id": id_of_new("person_id", api)
        },
    ),
    "circulation_id": Maker(
        "/asset-circulations",
        lambda api: {
            "asset_id": id_of_new("asset_id", api),
            "circulation_type": "issue",
            "person_id": id_of_new("person_id", api),
        },
    ),
    "repair_id": Maker(
        "/asset-repairs",
        lambda api: {"asset_id": id_of_new("asset_id", api), "title": unique("Repair")},
    ),
    "school_id": Maker("/schools", lambda _: {"name": unique("School")}),
    "school_year_id": Maker(
        "/school-years",
        lambda _: {"name": unique("Year"), "start_date": "2000-01-01", "end_date": "2099-12-31"},
    ),
    "school_calendar_id": Maker(
        "/schools/{school_id}/calendars",
        lambda api: {"calendar_id": id_of_new("school_year_id", api), "name": unique("Calendar")},
    ),
    "school_grade_level_id": Maker(
        "/school-grade-levels",
        lambda _: {"name": unique("Grade"), "code": unique("G"), "ordinal": next(RANKS)},
    ),
    "school_enrollment_id": Maker(
        "/school-enrollments",
        lambda api: {
            "person_id": id_of_new("person_id", api),
            "calendar_id": id_of_new("school_calendar_id", api),
        },
    ),
    "employment_assignment_type_id": Maker(
        "/employment-assignment-types", lambda _: {"name": unique("Type")}
    ),
    "school_employment_id": Maker(
        "/school-employments",
        lambda api: {"person_id": id_of_new("person_id", api), "title": unique("Title")},
    ),
    "employment_assignment_id": Maker(
        "/school-employment-assignments",
        lambda api: {
            "employment_id": hired(api)["id"],
            "school_id": id_of_new("school_id", api),
            "type_id": id_of_new("employment_assignment_type_id", api),
        },
    ),
}  # fmt: skip


def ids_for(api: Api, path: str, ids: Mapping[str, str] = NO_IDS) -> dict[str, str]:
    """What stands for each parameter of a path: a new record, unless `ids` names one."""
    known = {**FIXED, **ids}
    for name in re.findall(r"\{(\w+)\}", path):
        if name not in known:
            known[name] = str(MAKERS[named_by(path, name)].new(api, known)["id"])
    return known


def named_by(path: str, parameter: str) -> str:
    """What a path's parameter is called in the table of makers."""
    is_of_employment = path.startswith("/school-employment-assignments/")
    return "employment_assignment_id" if is_of_employment else parameter


def in_path(path: str, ids: Mapping[str, str]) -> str:
    """A path of the document, with what stands in its place."""
    found, known = re.findall(r"\{(\w+)\}", path), {**FIXED, **ids}
    return path.format_map({name: known.get(named_by(path, name)) or known[name] for name in found})


def placed(api: Api, path: str, ids: Mapping[str, str] = NO_IDS) -> str:
    """A path of the document, leading somewhere."""
    return path.format_map(ids_for(api, path, ids))


def new_location(api: Api, parent: Json | None = None, **given: Any) -> Json:
    return MAKERS["location_id"].new(api, parent_id=parent and parent["id"], **given)


def new_item(api: Api, **given: Any) -> Json:
    return MAKERS["ci_id"].new(api, **given)


def relate(api: Api, source: Json, target: Json, kind: str = "depends_on") -> Json:
    """The source stands on the target."""
    ends = {"target_id": target["id"], "relationship_type": kind}
    made: Json = api.post(f"/configuration-items/{source['id']}/relationships", ends)
    return made


def new_person(api: Api, first: str = "Zoë", last: str = "Ito", **given: str) -> Json:
    """A person with a current identity."""
    names = {"first_name": first, "last_name": last}
    made: Json = api.post("/persons", {"identity": names, **given})
    return made


def new_identity(api: Api, person: Json, first: str = "Zoe", last: str = "Okafor") -> Json:
    ids = {"person_id": person["id"]}
    return MAKERS["identity_id"].new(api, ids, first_name=first, last_name=last)


def new_contact(api: Api, person: Json, value: str = "at the desk") -> Json:
    return MAKERS["contact_id"].new(api, {"person_id": person["id"]}, value=value)


def at(person: Json, *below: str) -> str:
    return "/".join([f"/persons/{person['id']}", *below])
