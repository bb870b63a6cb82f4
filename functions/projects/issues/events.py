"""What happened to an issue: history and activity."""

from nexus.records.history import Events
from nexus.records.resources import Parent
from projects.issues.field_values import NAMES
from projects.issues.schemas import ActivityEntryRead, HistoryEntryRead
from projects.reads import ISSUE, ISSUE_PRIORITY, ISSUE_STATUS, ISSUE_TYPE, PROJECT
from projects.tables import issue_activity, issue_history
from system.reads import USER


class IssueEvents(Events):
    """Those of an issue."""

    references = {"issue_id": ISSUE, "actor_id": USER}
    parents = {"issue_id": Parent(ISSUE, ("issue_id",))}
    named = {
        "project": PROJECT,
        "issue_type": ISSUE_TYPE,
        "priority": ISSUE_PRIORITY,
        "status": ISSUE_STATUS,
        "issue": ISSUE,
        "reporter": USER,
        "assignee": USER,
        **NAMES,
    }


class History(IssueEvents):
    """One entry for each field that changed."""

    table = issue_history
    read = HistoryEntryRead
    path = "/issues/{issue_id}/history"


class Activity(IssueEvents):
    """All that happened to an issue and around it."""

    table = issue_activity
    read = ActivityEntryRead
    path = "/issues/{issue_id}/activity"
