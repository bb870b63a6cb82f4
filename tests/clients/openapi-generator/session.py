"""A session by the client that openapi-generator makes for Python."""

import os
from datetime import UTC, datetime
from typing import Any

from nexus_client.api.issues_api import IssuesApi
from nexus_client.api.me_api import MeApi
from nexus_client.api_client import ApiClient
from nexus_client.configuration import Configuration
from nexus_client.exceptions import ApiException
from nexus_client.models.issue_create import IssueCreate
from nexus_client.models.issue_page import IssuePage
from nexus_client.models.issue_partial_page import IssuePartialPage
from nexus_client.models.issue_read import IssueRead
from nexus_client.models.issue_update import IssueUpdate
from nexus_client.models.issues_list_sort_parameter_inner import (
    IssuesListSortParameterInner as Sort,
)
from nexus_client.models.problem import Problem
from nexus_client.models.transition import Transition


def signed_in() -> ApiClient:
    configuration = Configuration(host=os.environ["API"])
    answer = MeApi(ApiClient(configuration)).me_signin(
        os.environ["USERNAME"], os.environ["PASSWORD"]
    )
    configuration.access_token = answer.access_token
    return ApiClient(configuration, "X-Tenant-Id", os.environ["TENANT"])


def problem(refused: ApiException) -> Problem:
    assert refused.body is not None
    told = Problem.from_json(refused.body)
    assert told is not None
    return told


def refusal(call: Any, *arguments: Any, **options: Any) -> ApiException:
    try:
        call(*arguments, **options)
    except ApiException as refused:
        return refused
    raise AssertionError("it was not refused")


def opened(issues: IssuesApi, title: str, key: str | None = None) -> IssueRead:
    return issues.issues_create(
        IssueCreate(title=title, issue_type="incident"), idempotency_key=key
    )


def pages(issues: IssuesApi) -> list[str]:
    titles: list[str] = []
    cursor = None
    while True:
        page = issues.issues_list(limit=2, sort=[Sort("-created_at")], cursor=cursor)
        assert isinstance(page.actual_instance, IssuePage)
        titles.extend(issue.title for issue in page.actual_instance.items)
        cursor = page.actual_instance.next
        if cursor is None:
            return titles


def session() -> None:
    issues = IssuesApi(signed_in())
    began = datetime.now(UTC)
    one, two, three = (opened(issues, f"Printer {number}") for number in (1, 2, 3))
    again = [opened(issues, "Once only", "a key of my own").id for _ in range(2)]
    assert again[0] == again[1]
    print("opened, one of them once for two requests")

    assert pages(issues) == ["Once only", "Printer 3", "Printer 2", "Printer 1"]
    print("paged")

    page = issues.issues_list(
        created_at__gte=began,
        title__startswith="Printer",
        id__ne=[one.id, two.id],
        category=["open", "in_progress"],
        assignee_id__isnull=True,
        count=True,
    ).actual_instance
    assert isinstance(page, IssuePage)
    assert [issue.id for issue in page.items] == [three.id]
    assert page.total == 1
    print("filtered by operators")

    asked = issues.issues_create(
        IssueCreate(
            title="A laptop", issue_type="service_request", fields={"root_cause": "The lamp"}
        )
    )
    page = issues.issues_list(custom_fields={"cf_root_cause": "The lamp"}).actual_instance
    assert isinstance(page, IssuePage)
    assert [issue.id for issue in page.items] == [asked.id]
    print("filtered by a custom field")

    partial = issues.issues_list(fields=["id", "title"], sort=[Sort("-title")], limit=1)
    assert isinstance(partial.actual_instance, IssuePartialPage)
    (only,) = partial.actual_instance.items
    assert (only.id, only.title, only.version) == (three.id, "Printer 3", None)
    print("read some fields")

    whole = issues.issues_get(one.id, expand=["status"]).actual_instance
    assert isinstance(whole, IssueRead)
    assert whole.status is not None
    assert whole.status.id == one.status_id
    print("read what is embedded")

    headers = issues.issues_get_with_http_info(one.id).headers or {}
    etag = {name.lower(): value for name, value in headers.items()}["etag"]
    same = refusal(issues.issues_get, one.id, if_none_match=etag)
    assert (same.status, same.body) == (304, "")
    print("304")

    renamed = issues.issues_update(
        one.id, if_match=etag, issue_update=IssueUpdate(title="Printer in room 12")
    )
    stale = refusal(
        issues.issues_update, one.id, if_match=etag, issue_update=IssueUpdate(title="Lost")
    )
    assert (stale.status, problem(stale).type) == (412, "/problems/stale")
    assert problem(stale).version == renamed.version
    print("412 of what had changed")

    steps = issues.issue_transitions_list(one.id).actual_instance
    step = Transition(transition_id=steps.items[0].id)
    moved = issues.issues_transition(one.id, step)
    assert moved.status_id == steps.items[0].to_status_id
    refused = refusal(issues.issues_transition, one.id, step)
    assert (refused.status, problem(refused).type) == (409, "/problems/wrong-move")
    assert problem(refused).allowed
    print("409 of a step that is not open")

    unfit = refusal(opened, issues, " ")
    assert unfit.status == 422
    assert [error.pointer for error in problem(unfit).errors or ()] == ["/title"]
    print("422 of a member")


if __name__ == "__main__":
    session()
