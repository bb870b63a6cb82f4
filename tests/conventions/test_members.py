"""Every member of every body: of its own JSON type, and what becomes of it when it is blank."""

from typing import Any

import pytest

from tests.support.api import Json, pointers
from tests.support.documented import Member, members
from tests.support.sample_tenant import SampleTenant, filled

WRONG: dict[str, list[Any]] = {
    "string": [7, True, ["x"]],
    "integer": [True, "50", 50.0],
    "number": [True, "50"],
    "boolean": ["true", 1],
    "object": ["x", [], 7],
    "array": ["x", {}, 7],
}


MEMBERS = list(members())
CHANGED = [member for member in MEMBERS if member.method == "PATCH" and member.is_text]


@pytest.fixture
def at(request: pytest.FixtureRequest, place: SampleTenant) -> str:
    """The member's path, leading somewhere."""
    found = filled(request.node.callspec.params["member"].path, place)
    # The administrator belongs to another tenant too, so nobody else changes the account.
    return found.replace(place.admin.user["id"], place.member.user["id"])


def shown(record: Json, member: Member) -> Any:
    for name in member.within:
        record = record[name]
    return record[member.name]


def named(member: Member) -> str:
    return f"{member.method} {member.path} {member.pointer}"


@pytest.mark.parametrize("member", MEMBERS, ids=named)
def test_a_value_of_another_json_type_is_refused(
    place: SampleTenant, member: Member, at: str
) -> None:
    for value in WRONG[member.kinds[0].get("type", "string")]:
        problem = place.admin.refused(422, member.method, at, member.body(value))
        (message,) = (e["message"] for e in problem["errors"] if e["pointer"] == member.pointer)
        assert "has to be" in message or "takes" in message, message


@pytest.mark.parametrize("member", CHANGED, ids=named)
@pytest.mark.parametrize("blank", ["", " \u00a0\n"], ids=ascii)
def test_a_blank_text_is_null_or_refused(
    place: SampleTenant, member: Member, at: str, blank: str
) -> None:
    if member.is_nullable and not member.is_key:
        before = shown(place.admin.get(at), member)
        assert shown(place.admin.patch(at, member.body(blank)), member) is None
        place.admin.patch(at, member.body(before))
    else:
        problem = place.admin.refused(422, "PATCH", at, member.body(blank))
        assert member.pointer in pointers(problem)


@pytest.mark.parametrize(
    "member", [member for member in MEMBERS if not member.within and member.name == "description"],
    ids=named,
)  # fmt: skip
def test_a_description_is_kept_as_it_was_written(
    place: SampleTenant, member: Member, at: str
) -> None:
    text = "    indented\n\nand so on\n"
    if member.method == "PATCH":
        assert place.admin.patch(at, member.body(text))["description"] == text
