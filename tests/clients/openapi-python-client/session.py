"""A session by the client that openapi-python-client makes."""

import os
from datetime import UTC, datetime

from nexus_client import AuthenticatedClient, Client
from nexus_client.api.issues import (
    issue_transitions_list,
    issues_create,
    issues_get,
    issues_list,
    issues_transition,
    issues_update,
)
from nexus_client.api.me import me_signin
from nexus_client.models.issue_create import IssueCreate
from nexus_client.models.issue_create_fields_type_0 import IssueCreateFieldsType0 as Fields
from nexus_client.models.issue_page import IssuePage
from nexus_client.models.issue_partial import IssuePartial
from nexus_client.models.issue_partial_page import IssuePartialPage
from nexus_client.models.issue_read import IssueRead
from nexus_client.models.issue_status_record import IssueStatusRecord
from nexus_client.models.issue_update import IssueUpdate
from nexus_client.models.issues_get_expand_item import IssuesGetExpandItem
from nexus_client.models.issues_list_category_item import IssuesListCategoryItem
from nexus_client.models.issues_list_custom_fields import IssuesListCustomFields
from nexus_client.models.issues_list_sort_item_type_0 import IssuesListSortItemType0 as Sort
from nexus_client.models.password_grant import PasswordGrant
from nexus_client.models.problem import Problem
from nexus_client.models.problem_type import ProblemType
from nexus_client.models.signed_in import SignedIn
from nexus_client.models.transition import Transition
from nexus_client.models.transition_page import TransitionPage
from nexus_client.types import UNSET, Unset

URL = os.environ["API"]


def signed_in() -> AuthenticatedClient:
    grant = PasswordGrant(username=os.environ["USERNAME"], password=os.environ["PASSWORD"])
    answer = me_signin.sync(client=Client(URL), body=grant)
    assert isinstance(answer, SignedIn)
    headers = {"X-Tenant-Id": os.environ["TENANT"]}
    return AuthenticatedClient(
        URL, answer.access_token, headers=headers, raise_on_unexpected_status=True
    )


def opened(client: AuthenticatedClient, title: str, key: str | Unset = UNSET) -> IssueRead:
    body = IssueCreate(title=title, issue_type="incident")
    issue = issues_create.sync(client=client, body=body, idempotency_key=key)
    assert isinstance(issue, IssueRead)
    return issue


def pages(client: AuthenticatedClient) -> list[str]:
    titles: list[str] = []
    cursor: str | Unset | None = UNSET
    while cursor is not None:
        page = issues_list.sync(client=client, limit=2, sort=[Sort.CREATED_AT_DESC], cursor=cursor)
        assert isinstance(page, IssuePage)
        titles.extend(issue.title for issue in page.items)
        cursor = page.next_
    return titles


def session() -> None:
    client = signed_in()
    began = datetime.now(UTC)
    one, two, three = (opened(client, f"Printer {number}") for number in (1, 2, 3))
    again = [opened(client, "Once only", "a key of my own").id for _ in range(2)]
    assert again[0] == again[1]
    print("opened, one of them once for two requests")

    assert pages(client) == ["Once only", "Printer 3", "Printer 2", "Printer 1"]
    print("paged")

    page = issues_list.sync(
        client=client,
        created_at_gte=began,
        title_startswith="Printer",
        id_ne=[one.id, two.id],
        category=[IssuesListCategoryItem.OPEN, IssuesListCategoryItem.IN_PROGRESS],
        assignee_id_isnull=True,
        count=True,
    )
    assert isinstance(page, IssuePage)
    assert [issue.id for issue in page.items] == [three.id]
    assert page.total == 1
    print("filtered by operators")

    fields = Fields.from_dict({"root_cause": "The lamp"})
    body = IssueCreate(title="A laptop", issue_type="service_request", fields=fields)
    asked = issues_create.sync(client=client, body=body)
    assert isinstance(asked, IssueRead)
    causes = IssuesListCustomFields.from_dict({"cf_root_cause": "The lamp"})
    page = issues_list.sync(client=client, custom_fields=causes)
    assert isinstance(page, IssuePage)
    assert [issue.id for issue in page.items] == [asked.id]
    print("filtered by a custom field")

    partial = issues_list.sync(
        client=client, fields=["id", "title"], sort=[Sort.TITLE_DESC], limit=1
    )
    assert isinstance(partial, IssuePartialPage)
    assert isinstance(partial.items[0], IssuePartial)
    assert partial.items[0].to_dict() == {"id": three.id, "title": "Printer 3"}
    print("read some fields")

    expand = [IssuesGetExpandItem.STATUS]
    whole = issues_get.sync(one.id, client=client, expand=expand)
    assert isinstance(whole, IssueRead)
    assert isinstance(whole.status, IssueStatusRecord)
    assert whole.status.id == one.status_id
    print("read what is embedded")

    answer = issues_get.sync_detailed(one.id, client=client)
    etag = answer.headers["ETag"]
    same = issues_get.sync_detailed(one.id, client=client, if_none_match=etag)
    assert (same.status_code, same.content) == (304, b"")
    print("304")

    renamed = issues_update.sync(
        one.id, client=client, body=IssueUpdate(title="Printer in room 12"), if_match=etag
    )
    assert isinstance(renamed, IssueRead)
    stale = issues_update.sync(one.id, client=client, body=IssueUpdate(title="Lost"), if_match=etag)
    assert isinstance(stale, Problem)
    assert stale.type_ == ProblemType.STALE
    assert stale.version == renamed.version
    print("412 of what had changed")

    steps = issue_transitions_list.sync(one.id, client=client)
    assert isinstance(steps, TransitionPage)
    step = Transition(steps.items[0].id)
    moved = issues_transition.sync(one.id, client=client, body=step)
    assert isinstance(moved, IssueRead)
    assert moved.status_id == steps.items[0].to_status_id
    refused = issues_transition.sync(one.id, client=client, body=step)
    assert isinstance(refused, Problem)
    assert refused.type_ == ProblemType.WRONG_MOVE
    assert refused.allowed
    print("409 of a step that is not open")

    unfit = issues_create.sync(client=client, body=IssueCreate(title="", issue_type="incident"))
    assert isinstance(unfit, Problem)
    assert not isinstance(unfit.errors, Unset)
    assert [error.pointer for error in unfit.errors] == ["/title"]
    print("422 of a member")


if __name__ == "__main__":
    session()
