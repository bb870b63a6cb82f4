"""The routes of issues."""

from nexus.http.routes import add_action, add_create, add_list, crud_router
from projects.issues.events import Activity, History
from projects.issues.schemas import IssueCreate, IssueUpdate, ProjectIssueCreate, Transition
from projects.issues.service import Issues
from projects.issues.workflow import Transitions

OF_PROJECT = "/projects/{project_id}/issues"

router = crud_router(Issues, IssueCreate, IssueUpdate)
add_action(router, Issues, "transition", Issues.transition, Transition)
add_list(router, Issues, OF_PROJECT, "project_issues.list")
add_create(router, Issues, OF_PROJECT, ProjectIssueCreate, "project_issues.create")
add_list(router, Transitions, Transitions.path, "issue_transitions.list")
add_list(router, History, History.path, "issue_history.list")
add_list(router, Activity, Activity.path, "issue_activity.list")
