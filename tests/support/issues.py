"""Issues on their way: how tests open one, find a step, take it, and build a workflow."""

from dataclasses import dataclass
from typing import Any

from tests.support.api import Api, Json
from tests.support.makers import MAKERS
from tests.support.people import unique


def new_issue(api: Api, issue_type: str = "incident", **given: Any) -> Json:
    return MAKERS["issue_id"].new(api, issue_type=issue_type, **given)


def shared_project(api: Api, key: str = "TS") -> str:
    (project,) = api.items("/projects", key=key, scope="shared")
    return str(project["id"])


def steps(api: Api, issue: Json, **query: Any) -> dict[str, Json]:
    """By name."""
    found = api.items(f"/issues/{issue['id']}/transitions", limit=200, **query)
    return {step["name"]: step for step in found}


def take(api: Api, issue: Json, name: str, **given: Any) -> Json:
    """The step of this name, which is open now."""
    body = {"transition_id": steps(api, issue)[name]["id"], **given}
    taken: Json = api.act(f"/issues/{issue['id']}/transition", body)
    return taken


def walk(api: Api, issue: Json, *names: str) -> Json:
    for name in names:
        issue = take(api, issue, name)
    return issue


@dataclass(frozen=True)
class Workflow:
    """A tenant's own: two statuses, a step there, and a type that takes it."""

    id: str
    statuses: tuple[Json, Json]
    there: Json
    issue_type: Json

    def open(self, api: Api, **given: Any) -> Json:
        made: Json = api.post(
            "/issues", {"title": unique("Issue"), "issue_type_id": self.issue_type["id"], **given}
        )
        return made


def new_workflow(admin: Api, category: str = "done", **of_step: Any) -> Workflow:
    workflow_id = MAKERS["issue_workflow_id"].new(admin)["id"]
    names = (("Here", "open"), ("There", category))
    statuses = [
        MAKERS["issue_status_id"].new(admin, name=unique(name), category=kind)
        for name, kind in names
    ]
    for status in statuses:
        ends = {"workflow_id": workflow_id, "status_id": status["id"]}
        admin.post("/issue-workflow-statuses", ends)
    there = admin.post(
        "/issue-workflow-transitions",
        {
            "workflow_id": workflow_id,
            "name": "Go",
            "from_status_id": statuses[0]["id"],
            "to_status_id": statuses[1]["id"],
            **of_step,
        },
    )
    issue_type = MAKERS["issue_type_id"].new(admin, workflow_id=workflow_id)
    return Workflow(workflow_id, (statuses[0], statuses[1]), there, issue_type)


def new_field(admin: Api, kind: str = "text", **given: Any) -> Json:
    choices = {"choices": ["Low", "High"]} if kind in ("choice", "multi_choice") else {}
    return MAKERS["issue_field_id"].new(admin, type=kind, **{**choices, **given})


def new_screen(admin: Api, *fields: Json, is_required: bool = True) -> Json:
    screen = MAKERS["issue_screen_id"].new(admin)
    for field in fields:
        shown = {"screen_id": screen["id"], "field_id": field["id"], "is_required": is_required}
        admin.post("/issue-screen-fields", shown)
    return screen
