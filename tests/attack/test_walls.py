"""Another tenant's id against one that never was: in no place of any operation do the answers
differ, nor does how often the database was waited for."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import httpx
import pytest

from infra.rights import Right, rights
from nexus import pg
from nexus.db.engine import engine
from tests.attack.samples import OPERATIONS, Operation
from tests.contract.joined import contracts
from tests.contract.resource import NOBODYS_ID
from tests.contract.verbs.creating import is_reference
from tests.support.api import Api, Json, anonymous
from tests.support.documented import PROBLEM, filters, members
from tests.support.envelope import told
from tests.support.makers import MAKERS, named_by
from tests.support.makers import in_path as within_path
from tests.support.people import World
from tests.support.sample_tenant import SampleTenant, sample_tenant

type Ids = Mapping[str, str]

RIGHTS = rights()
NEVER: Ids = defaultdict(lambda: NOBODYS_ID)
# What a filter or a member names that is called otherwise, and no contract's `references` says it.
NAMED = {
    "actor_id": "user_id",
    "ancestor_id": "location_id",
    "contact_ids": "contact_id",
    "assignee_id": "user_id",
    "calendar_id": "school_calendar_id",
    "current_identity_id": "identity_id",
    "default_project_id": "project_id",
    "default_tenant_id": "tenant_id",
    "invited_by_id": "user_id",
    "priority_id": "issue_priority_id",
    "grade_level_id": "school_grade_level_id",
    "record_id": "group_id",
    "transition_id": "issue_workflow_transition_id",
}
VOLATILE = {"x-request-id", "date", "content-length"}


class Request(NamedTuple):
    """With an id that is not the caller's in one place, and what may be answered."""

    place: str
    path: str
    sent: Json
    statuses: set[int]


def requests(operation: Operation, own: SampleTenant, theirs: Ids) -> Iterator[Request]:
    """By each place that the operation takes an id in; `theirs` are by maker. A tenant in the path
    goes before the header's."""
    yield from in_path(operation, own, theirs)
    yield from in_query(operation, own, theirs)
    yield from in_body(operation, own, theirs)
    if RIGHTS[operation] != Right.ANYONE and "{tenant_id}" not in operation.path:
        sent = {**operation.sent(own, own.ids), "headers": {"X-Tenant-Id": theirs["tenant_id"]}}
        yield Request("X-Tenant-Id", own_path(operation, own), sent, {404})


def in_path(operation: Operation, own: SampleTenant, theirs: Ids) -> Iterator[Request]:
    """Each parameter by itself, and all of them."""
    names = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
    for asked in [[name] for name in names] + [names] * (len(names) > 1):
        named = {name: theirs[named_by(operation.path, name)] for name in asked}
        path = within_path(operation.path, {**own.ids, **keys_of(operation.path, named)})
        yield Request(" and ".join(asked), path, operation.sent(own, own.ids), {404})


def in_query(operation: Operation, own: SampleTenant, theirs: Ids) -> Iterator[Request]:
    for name in (one.name for one in filters(operation.path) if operation.method == "GET"):
        if (name == "id" or is_reference(name)) and name != "request_id":
            query = {"params": {name: theirs[kind(operation, name)], "count": "true"}}
            yield Request(f"?{name}", own_path(operation, own), query, {200, 422})


def in_body(operation: Operation, own: SampleTenant, theirs: Ids) -> Iterator[Request]:
    """Beside what is required, for some members are not taken together."""
    for member in members():
        is_key = member.is_key or member.is_list_of_keys
        if (member.method, member.path) == operation and is_key:
            id_ = theirs[kind(operation, member.name)]
            least = operation.least(own, own.ids)
            body = {**least, **member.body([id_] if member.is_list_of_keys else id_)}
            yield Request(member.pointer, own_path(operation, own), {"json": body}, {404, 422})


def own_path(operation: Operation, own: SampleTenant) -> str:
    return within_path(operation.path, own.ids)


def keys_of(path: str, named: Ids) -> Ids:
    """What the table of makers calls a path's parameters."""
    return {named_by(path, name): id_ for name, id_ in named.items()}


def kind(operation: Operation, name: str) -> str:
    """The maker of what an id names there."""
    for one in contracts():
        if operation.path in (one.path, one.item_path(), *one.lists):
            if name == "id":
                return one.parameter()
            name = one.references.get(name, name)
    found = NAMED.get(name, name)
    assert found in MAKERS, f"{operation} takes {name}: say in NAMED of {__file__} whose id it is"
    return found


@pytest.fixture(scope="module")
def own(world: World) -> SampleTenant:
    return sample_tenant(world)


@pytest.fixture(scope="module")
def foreign(world: World) -> SampleTenant:
    return sample_tenant(world)


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if PROBLEM not in o.path], ids=str)
def test_a_foreign_id_is_like_one_that_never_was(
    inside: Callable[[Api], Api], own: SampleTenant, foreign: SampleTenant, operation: Operation
) -> None:
    caller = inside(own.admin)
    if operation.path.endswith("/attachments"):
        caller.get(own_path(operation, own))  # so that the store is not asked in between
    theirs = {**foreign.ids, "user_id": foreign.member.user["id"]}
    pairs = zip(requests(operation, own, theirs), requests(operation, own, NEVER), strict=True)
    for of_other, of_nobody in pairs:
        before = waits()
        nowhere = ask(caller, operation, of_nobody)
        taken = waits() - before
        there = ask(caller, operation, of_other)
        assert nowhere.status_code in of_nobody.statuses, told(nowhere, of_nobody.place)
        assert there.status_code == nowhere.status_code, told(there, of_other.place)
        shown = anonymous(there.json(), *theirs.values())
        assert shown == anonymous(nowhere.json(), NOBODYS_ID), of_other.place
        assert headers(there) == headers(nowhere), of_other.place
        assert waits() - before == 2 * taken, of_other.place


def ask(caller: Api, operation: Operation, request: Request) -> httpx.Response:
    return caller.send(operation.method, request.path, **request.sent)


def waits() -> int:
    """How often the database was waited for up to now, in this process."""
    with engine().connect() as connection:
        return pg.driver(connection).round_trips


def headers(response: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name not in VOLATILE}
