"""Issues keep the contract, and so does what is listed below each."""

from typing import Any

from tests.contract.plain import ResourceContract
from tests.contract.verbs.archiving import ArchiveContract
from tests.contract.verbs.creating import CreateContract
from tests.contract.verbs.listing import ListContract
from tests.contract.verbs.parts import BelowContract
from tests.contract.verbs.rights import WRITE, RightsContract
from tests.support.api import Api, Json, slug
from tests.support.makers import MAKERS, id_of_new, new_workflow_status
from tests.support.people import Tenant, unique

NAMED = {
    "priority_id": "issue_priority_id",
    "status_id": "issue_status_id",
    "reporter_id": "user_id",
    "assignee_id": "user_id",
    "watcher_id": "user_id",
    "linked_issue_id": "issue_id",
}


class IssueContract(ListContract, CreateContract):
    label = "title"
    references = NAMED

    def body_with(self, api: Api, **given: Any) -> Json:
        """Its type by one of two names."""
        body = super().body_with(api, **given)
        if "issue_type_id" in given:
            del body["issue_type"]
        return body


class TestIssues(IssueContract, ResourceContract, ArchiveContract, RightsContract):
    path = "/issues"
    lists = ("/me/issues",)
    members_may = WRITE


class TestIssuesOfProjects(IssueContract, BelowContract):
    path = "/projects/{project_id}/issues"
    item = "/issues/{issue_id}"

    def test_of_an_archived_whole_nothing_is_changed(self, writer: Api) -> None:
        """No issue is filed there; those that are go on."""
        project = MAKERS["project_id"].new(writer)
        self.ids = {"project_id": project["id"]}
        record = self.new(writer)
        writer.act(f"/projects/{project['id']}/archive")
        problem = writer.refused(409, "POST", self.here, self.body(writer))
        assert slug(problem) == "reference-archived"
        assert self.found(writer, [record]) == [record["id"]]


class BelowIssue(ListContract):
    """What is read below an issue, and made by something else."""

    item = "/issues/{issue_id}"

    def new_of(self, tenant: Tenant) -> Json:
        one = type(self)()
        one.ids = {"issue_id": id_of_new("issue_id", tenant.admin)}
        return one.new(tenant.admin)


class TestHistory(BelowIssue):
    path = "/issues/{issue_id}/history"
    page_members = {"exported_until": None}

    def new(self, api: Api, **given: Any) -> Json:
        assert not given
        api.patch(f"/issues/{self.ids['issue_id']}", {"title": unique("Titled")})
        found: Json = api.items(self.here, limit=1)[0]
        return found


class TestActivity(TestHistory):
    path = "/issues/{issue_id}/activity"


class TestTransitions(BelowIssue):
    path = "/issues/{issue_id}/transitions"
    references = {
        "workflow_id": "issue_workflow_id",
        "from_status_id": "issue_status_id",
        "to_status_id": "issue_status_id",
        "screen_id": "issue_screen_id",
    }

    def new(self, api: Api, **given: Any) -> Json:
        """A further step out of the status that the issue is in, in a workflow of its own."""
        assert not given
        place = f"/issues/{self.ids['issue_id']}"
        issue = api.get(place)
        issue_type = api.get(f"/issue-types/{issue['issue_type_id']}")
        if issue_type["tenant_id"] != api.tenant_id:
            workflow_id = id_of_new("issue_workflow_id", api)
            ends = {"workflow_id": workflow_id, "status_id": issue["status_id"]}
            api.post("/issue-workflow-statuses", ends)
            issue_type = MAKERS["issue_type_id"].new(api, workflow_id=workflow_id)
            api.patch(place, {"issue_type_id": issue_type["id"]})
        workflow_id = issue_type["workflow_id"]
        target = new_workflow_status(api, workflow_id)["status_id"]
        leads = {"from_status_id": issue["status_id"], "to_status_id": target}
        body = {"workflow_id": workflow_id, "name": unique("Step"), **leads}
        made = api.post("/issue-workflow-transitions", body)
        (shown,) = api.items(self.here, id=made["id"])
        return shown
