"""What is asked for and what is broken: issues in every state, with what was said and done."""

import json
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select

from local.demo.session import Demo
from nexus.access.scope import ROOT_TENANT_ID
from nexus.records.reading import Record
from projects.comments import CommentCreate, Comments
from projects.configuration.issue_fields import IssueFieldCreate, IssueFields
from projects.issues.schemas import IssueCreate
from projects.issues.service import Issues
from projects.issues.workflow import Transitions
from projects.links import LinkCreate, Links
from projects.projects import ProjectCreate, Projects
from projects.tables import issue_link_types, issue_priorities
from projects.tables import projects as project_table
from projects.watchers import WatcherCreate, Watchers

ROUNDS = 6  # through the table below
HEAD = "a.okafor"
HELPERS = ("b.lindqvist", "c.moretti", "d.volkov", "e.yilmaz", HEAD)
PRIORITIES = ("Critical", "High", "Medium", "Low")
REPORTERS = ("h.ibanez", "i.sorensen", "j.whitaker", "f.haddad", "g.nakamura")


class Kind(NamedTuple):
    """Issues of one kind: their project's key, titles, and the steps that they go at most."""

    issue_type: str
    project: str
    titles: tuple[str, ...]
    steps: tuple[str, ...]


KINDS = (
    Kind(
        "incident",
        "TS",
        (
            "No picture from the projector in {room}",
            "The Wi-Fi is slow in {room}",
            "The printer next to {room} jams",
            "The phone in {room} has no tone",
            "Nobody can sign in to the learning platform",
        ),
        ("Start", "Resolve", "Close"),
    ),
    Kind(
        "service_request",
        "TS",
        (
            "A laptop for a new colleague",
            "Access to the grades of the ninth year",
            "A second screen in {room}",
            "A mailing list for the science department",
        ),
        ("Start", "Wait", "Resume", "Resolve", "Close"),
    ),
    Kind(
        "repair",
        "MS",
        (
            "The blinds in {room} do not close",
            "A tablet's screen is broken",
            "The lock of the closet at {room} sticks",
        ),
        ("Start", "Resolve", "Close"),
    ),
    Kind(
        "change",
        "NET",
        ("Replace the access switch at {room}", "New firmware for the access points"),
        ("Submit for approval", "Approve", "Start", "Review", "Close"),
    ),
    Kind(
        "known_problem",
        "NET",
        ("Access points near {room} restart by themselves",),
        ("Investigate", "Resolve", "Close"),
    ),
    Kind(
        "post_incident_analysis",
        "NET",
        ("Why the Wi-Fi around {room} was away for an hour",),
        ("Start", "Submit for review", "Accept"),
    ),
)
ASKED: dict[str, Record] = {  # what a step's screen asks for
    "Submit for approval": {"risk": "Low", "rollback_plan": "Put the old one back."},
    "Submit for review": {"root_cause": "Two power supplies on one circuit."},
}
SAID_BY_HELPERS = (
    "I had a look: it is the cable.",
    "The part is ordered, it comes on Thursday.",
    "Could you send me a picture of it?",
    "I come by after the third lesson.",
)
SAID_BY_REPORTERS = (
    "It happened again this morning.",
    "We need it for the exam on Friday.",
    "Any news?",
    "It is the one next to the window.",
)
RESOLUTIONS = ("Fixed", "Fixed", "Workaround", "Answered", "Not reproducible")


def issues(demo: Demo) -> None:
    """Each kind goes a little further with each round, so that there are some in every state."""
    _configure(demo)
    homes = _projects(demo)
    made = [
        _issue(demo, kind, title, homes[kind.project], turn)
        for turn in range(ROUNDS)
        for kind in KINDS
        for title in kind.titles
    ]
    _link(demo, made)
    moved = made[0]
    Issues(demo.scope).update(moved["id"], {"project_id": homes["NET"]})


def _configure(demo: Demo) -> None:
    body = IssueFieldCreate(name="Place", key="place", type="location")
    IssueFields(demo.scope).create(body.model_dump())


def _projects(demo: Demo) -> dict[str, str]:
    body = ProjectCreate(name="Network", key="NET", description="What the network team is at.")
    Projects(demo.scope).create(body.model_dump())
    c = project_table.c
    urgent = issue_priorities.c
    shared = select(urgent.id).where(
        urgent.tenant_id == ROOT_TENANT_ID, urgent.name.in_(PRIORITIES)
    )
    rows = demo.scope.execute(shared.order_by(urgent.rank)).scalars().all()
    demo.priorities = [None, None, None, *rows]  # most have the default
    demo.projects = {row.key: row.id for row in demo.scope.execute(select(c.key, c.id))}
    return demo.projects


def _issue(demo: Demo, kind: Kind, title: str, project_id: str, turn: int) -> Record:
    rooms = [code for code, place in demo.locations.items() if place["name"].startswith("Room")]
    code = demo.chance.choice(rooms)
    helper, reporter = demo.chance.choice(HELPERS), demo.chance.choice(REPORTERS)
    due = datetime.now(UTC).replace(microsecond=0) + timedelta(days=demo.chance.randint(1, 60))
    body = IssueCreate(
        title=title.format(room=demo.locations[code]["name"]),
        issue_type=kind.issue_type,
        project_id=project_id,
        description=demo.chance.choice((None, "Since this morning.", "As we talked about.")),
        due_at=demo.chance.choice((None, due)),
        priority_id=demo.chance.choice(demo.priorities),
        fields={"place": demo.locations[code]["id"]} if "{room}" in title else None,
    )
    with demo.acting(reporter) as scope:
        issue = Issues(scope).create(body.model_dump())
    if turn:
        with demo.acting(helper) as scope:
            issue = Issues(scope).update(issue["id"], {"assignee_id": demo.users[helper]["id"]})
    for name in kind.steps[:turn]:
        with demo.acting(helper):
            issue = step(demo, issue, name)
    if turn % 2:
        _talk(demo, issue, reporter)
    return issue


def step(demo: Demo, issue: Record, name: str) -> Record:
    steps = Transitions(demo.scope, {"issue_id": issue["id"]}).list({"name": [[name]]})
    (step,) = json.loads(steps.items)
    fields = dict(ASKED.get(name, {}))
    if name == "Resolve":
        fields["resolution"] = demo.chance.choice(RESOLUTIONS)
    comment = (
        None if step["to_status"]["category"] == "done" else demo.chance.choice(SAID_BY_HELPERS)
    )
    return Issues(demo.scope).transition(issue["id"], step["id"], fields, comment)


def _talk(demo: Demo, issue: Record, reporter: str) -> None:
    """Somebody asks, and the head of the department watches what comes of it."""
    within = {"issue_id": issue["id"]}
    with demo.acting(reporter) as scope:
        said = CommentCreate(body=demo.chance.choice(SAID_BY_REPORTERS))
        Comments(scope, within).create(said.model_dump())
    head = demo.users[HEAD]["id"]
    if issue["assignee_id"] != head:  # who watches already
        Watchers(demo.scope, within).create(WatcherCreate(user_id=head).model_dump())


def _link(demo: Demo, made: list[Record]) -> None:
    """Incidents and the problem that causes them, and the change that ends it."""
    c = issue_link_types.c
    kinds = {row.name: row.id for row in demo.scope.execute(select(c.name, c.id))}
    of_kind: dict[str, list[Record]] = {}
    for issue in made:
        of_kind.setdefault(issue["kind"], []).append(issue)
    problems, changes = of_kind["known_problem"], of_kind["change"]
    for number, incident in enumerate(of_kind["incident"]):
        problem = problems[number % len(problems)]
        _join(demo, problem, kinds["Causes"], incident)
    for problem, change in zip(problems, reversed(changes), strict=False):
        _join(demo, change, kinds["Resolves"], problem)


def _join(demo: Demo, source: Record, link_type_id: str, target: Record) -> None:
    body = LinkCreate(link_type_id=link_type_id, target_issue_id=target["id"])
    Links(demo.scope, {"issue_id": source["id"]}).create(body.model_dump())
