"""A tag stands for its answer: whatever happens, equal tags of one address are equal answers."""

from collections.abc import Callable, Mapping

import pytest

from tests.support.api import Json
from tests.support.documented import PATHS, parameters
from tests.support.makers import at, new_location
from tests.support.people import World, unique
from tests.support.sample_tenant import SampleTenant, filled, sample_tenant

TAGGED = [path for path in PATHS if "If-None-Match" in parameters(path, "header")]

type Answers = Mapping[str, tuple[str, str]]


@pytest.fixture(scope="module")
def place(world: World) -> SampleTenant:
    return sample_tenant(world)


def answers(place: SampleTenant, paths: set[str]) -> Answers:
    """What has a tag now: the tag and the answer, for each address."""
    found = {path: place.admin.expect(200, "GET", path) for path in paths}
    return {p: (a.headers["etag"], a.text) for p, a in found.items() if "etag" in a.headers}


def below_a_renamed_place(place: SampleTenant) -> tuple[set[str], Callable[[], object]]:
    outer = new_location(place.admin)
    inner = new_location(place.admin, outer)
    path = f"/locations/{outer['id']}"
    rename = {"name": unique("Renamed")}
    return {f"/locations/{inner['id']}"}, lambda: place.admin.patch(path, rename)


def of_a_user_who_signs_in(
    place: SampleTenant, world: World
) -> tuple[set[str], Callable[[], object]]:
    user = place.admin.user
    return {"/me", f"/users/{user['id']}"}, lambda: world.again(place.admin)


def of_a_person_without_a_name(place: SampleTenant) -> tuple[set[str], Callable[[], object]]:
    person = place.admin.post("/persons", {"identity": {"first_name": "A", "last_name": "B"}})
    identity = person["current_identity_id"]
    below = at(person, "identities", identity)
    paths = {at(person), below, f"/identities/{identity}"}
    return paths, lambda: place.admin.act(f"{below}/deactivate")


def test_equal_tags_are_equal_answers(place: SampleTenant, world: World) -> None:
    everything = {filled(path, place) for path in TAGGED}
    assert answers(place, everything).keys() == everything
    for paths, change in (
        below_a_renamed_place(place),
        of_a_user_who_signs_in(place, world),
        of_a_person_without_a_name(place),
    ):
        before = answers(place, everything | paths)
        change()
        after = answers(place, everything | paths)
        same = [path for path, (tag, _) in before.items() if after.get(path, ("", ""))[0] == tag]
        assert {path: after[path] for path in same} == {path: before[path] for path in same}
        assert any(before[path] != after.get(path) for path in paths)


def test_a_sign_in_is_no_new_version(world: World) -> None:
    caller = world.sign_up()
    first = caller.expect(200, "GET", "/me")
    world.again(caller)
    second = caller.expect(200, "GET", "/me")
    assert first.headers["etag"] != second.headers["etag"]
    assert second.json()["version"] == first.json()["version"]
    for tag in (first.headers["etag"], second.headers["etag"], 'W/"1"'):
        changed: Json = caller.patch("/me", {}, headers={"If-Match": tag})
        assert changed["version"] == 1
    known = {"If-None-Match": second.headers["etag"]}
    caller.expect(304, "GET", "/me", headers=known)
    caller.expect(200, "GET", "/me", headers={"If-None-Match": first.headers["etag"]})


@pytest.mark.parametrize(
    "path", [path for path in TAGGED if "expand" in parameters(path)], indirect=True
)
def test_what_embeds_others_has_no_tag(place: SampleTenant, path: str) -> None:
    for name in place.admin.refused(400, "GET", f"{path}?expand=colour")["allowed"]:
        answer = place.admin.expect(200, "GET", path, params={"expand": name})
        assert "etag" not in answer.headers
