"""A workflow of the district's own with all that belongs to it, and requests that go through it."""

from local.demo.ids import id_of, make
from local.demo.session import Demo
from projects.comments import CommentCreate, Comments
from projects.configuration.issue_fields import IssueFieldCreate, IssueFields
from projects.configuration.issue_link_types import IssueLinkTypeCreate, IssueLinkTypes
from projects.configuration.issue_priorities import IssuePriorities, IssuePriorityCreate
from projects.configuration.issue_screen_fields import IssueScreenFieldCreate, IssueScreenFields
from projects.configuration.issue_screens import IssueScreenCreate, IssueScreens
from projects.configuration.issue_statuses import Category, IssueStatusCreate, IssueStatuses
from projects.configuration.issue_types import IssueTypeCreate, IssueTypes
from projects.configuration.issue_workflow_statuses import (
    IssueWorkflowStatusCreate,
    IssueWorkflowStatuses,
)
from projects.configuration.issue_workflow_transitions import (
    IssueWorkflowTransitionCreate,
    IssueWorkflowTransitions,
)
from projects.configuration.issue_workflows import IssueWorkflowCreate, IssueWorkflows
from projects.issues.schemas import IssueCreate
from projects.issues.service import Issues
from projects.links import LinkCreate, Links
from projects.projects import ProjectCreate, Projects
from projects.watchers import WatcherCreate, Watchers

STATUSES: dict[str, tuple[str, Category]] = {
    "status": ("Requested", "open"),
    "status2": ("Approved", "in_progress"),
    "status3": ("Handed over", "done"),
    "status4": ("On the waiting list", "open"),
    "status5": ("Refused", "done"),
}
TRANSITIONS = {
    "transition": ("Approve", "status", "status2"),
    "transition2": ("Hand over", "status2", "status3"),
    "transition3": ("Ask again", "status3", "status"),
}
ISSUES = {
    "issue": "A laptop for the robotics club",
    "issue2": "Two hotspots for the field trip",
    "issue3": "A laptop for the yearbook team",
}


def issues(demo: Demo) -> None:
    _catalogs(demo)
    _workflow(demo)
    _type(demo)
    for name, title in ISSUES.items():
        body = IssueCreate(
            title=title,
            issue_type_id=id_of("issue type"),
            project_id=id_of("project"),
            fields={"device_kind": "Laptop"} if "laptop" in title else None,
        )
        make(Issues(demo.scope), name, body)
    _talk(demo)


def _catalogs(demo: Demo) -> None:
    scope = demo.scope
    about = "Devices that the district lends."
    make(Projects(scope), "project", ProjectCreate(name="Lending", key="LEND", description=about))
    make(Projects(scope), "project2", ProjectCreate(name="Old Lending", key="OLDL"))
    for name, priority, rank in (
        ("priority", "Before the term", 25),
        ("priority2", "Some day", 95),
    ):
        make(IssuePriorities(scope), name, IssuePriorityCreate(name=priority, rank=rank))
    for name, outward, inward in (
        ("link type", "replaces", "is replaced by"),
        ("link type2", "reminds of", "comes to mind with"),
    ):
        body = IssueLinkTypeCreate(name=outward.capitalize(), outward=outward, inward=inward)
        make(IssueLinkTypes(scope), name, body)
    for name, (status, category) in STATUSES.items():
        make(IssueStatuses(scope), name, IssueStatusCreate(name=status, category=category))
    kinds = IssueFieldCreate(name="Device kind", type="choice", choices=["Laptop", "Hotspot"])
    make(IssueFields(scope), "field", kinds)
    make(IssueFields(scope), "field2", IssueFieldCreate(name="Needed until", type="date"))
    make(IssueFields(scope), "field3", IssueFieldCreate(name="Old tag", type="text"))


def _workflow(demo: Demo) -> None:
    scope = demo.scope
    lending = IssueWorkflowCreate(name="Lending", description="From the request to the device.")
    make(IssueWorkflows(scope), "workflow", lending)
    make(IssueWorkflows(scope), "workflow2", IssueWorkflowCreate(name="Lending, long ago"))
    for name in ("status", "status2", "status3", "status4"):
        place = IssueWorkflowStatusCreate(workflow_id=id_of("workflow"), status_id=id_of(name))
        make(IssueWorkflowStatuses(scope), f"workflow {name}", place)
    for name, (step, from_, to) in TRANSITIONS.items():
        body = IssueWorkflowTransitionCreate(
            workflow_id=id_of("workflow"),
            name=step,
            from_status_id=id_of(from_),
            to_status_id=id_of(to),
        )
        make(IssueWorkflowTransitions(scope), name, body)


def _type(demo: Demo) -> None:
    scope = demo.scope
    make(IssueScreens(scope), "screen", IssueScreenCreate(name="Lending request"))
    make(IssueScreens(scope), "screen2", IssueScreenCreate(name="Lending, long ago"))
    shown = IssueScreenFieldCreate(screen_id=id_of("screen"), field_id=id_of("field"))
    make(IssueScreenFields(scope), "screen field", shown)
    for name, called, screen in (
        ("issue type", "Lending request", "screen"),
        ("issue type2", "Lending by phone", "screen"),
    ):
        body = IssueTypeCreate(
            name=called,
            kind="service_request",
            workflow_id=id_of("workflow"),
            screen_id=id_of(screen),
        )
        make(IssueTypes(scope), name, body)


def _talk(demo: Demo) -> None:
    within = {"issue_id": id_of("issue")}
    said = CommentCreate(body="Is one with a touchscreen free?")
    make(Comments(demo.scope, within), "comment", said)
    link = LinkCreate(link_type_id=id_of("link type"), target_issue_id=id_of("issue2"))
    make(Links(demo.scope, within), "link", link)
    watcher = WatcherCreate(user_id=id_of("i.sorensen"))
    make(Watchers(demo.scope, within), "watcher", watcher)
