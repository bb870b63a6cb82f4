"""Every operation by every caller: who may is let through, and who may not is told so."""

import json
from collections.abc import Iterator

import pytest

from infra.rights import CALLERS, markdown, rights
from tests.attack.callers import Scene, scene
from tests.attack.samples import OPERATIONS, Operation
from tests.support.api import slug
from tests.support.documented import DOCUMENT
from tests.support.envelope import told
from tests.support.people import World

RIGHTS = rights()
# They are nobody, and asked for where they are more: of their own account.
ENDED = ("an ended session", "a deactivated user")
# What stops those who may, behind their right.
STOPPED = {
    ("DELETE", "/tenants/{tenant_id}"): 409,
    ("POST", "/me/password"): 422,
    ("POST", "/assets/{asset_id}/dispose"): 409,  # for it is active
    ("POST", "/school-enrollments/{school_enrollment_id}/reenroll"): 409,  # for it is enrolled
    ("POST", "/school-employments/{school_employment_id}/terminate"): 409,  # for it is pending
    ("POST", "/school-employments/{school_employment_id}/retire"): 409,
    ("POST", "/school-employments/{school_employment_id}/reactivate"): 409,
    ("POST", "/school-employment-assignments/{assignment_id}/reactivate"): 409,  # it is planned
}


@pytest.fixture(scope="module")
def whole(world: World) -> Scene:
    return scene(world)


@pytest.fixture
def callers(whole: Scene, operation: Operation) -> Iterator[Scene]:
    yield whole
    if operation.method != "GET":
        whole.put_back()


def test_each_operation_has_a_right_and_no_other_has() -> None:
    assert markdown(json.loads(DOCUMENT.read_text()))


def test_each_caller_is_somebody(whole: Scene) -> None:
    assert whole.callers.keys() == CALLERS.keys()


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_an_operation_is_for_those_who_may(callers: Scene, operation: Operation) -> None:
    for name, caller in CALLERS.items():
        if name in ENDED and not operation.path.startswith("/me"):
            continue
        may = caller.may(RIGHTS[operation])
        answer = callers.ask(name, operation, may=may)
        if not may:
            assert answer.status_code in caller.refusal, told(answer, name)
        elif "archived" in name and answer.status_code == 409:
            assert slug(answer.json()) in {"record-archived", "in-use"}, told(answer, name)
        else:
            expected = STOPPED.get(operation, operation.success)
            assert answer.status_code == expected, told(answer, name)
