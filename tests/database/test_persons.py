"""What the database keeps of a person's names and of which identity is current."""

from typing import Any

import pytest

from tests.support.api import Api
from tests.support.database import Session
from tests.support.makers import at, new_identity, new_person
from tests.support.people import Tenant, World
from tests.support.races import begun_before_commit

PERSON = "SELECT name, sort_name, names, version FROM persons WHERE id = :id"
CURRENT = "SELECT id FROM identities WHERE person_id = :id AND is_current"
FORGED = """
    INSERT INTO identities (id, tenant_id, person_id, last_name, is_current)
    SELECT nexus.ulid(), tenant_id, id, 'Ito', true FROM persons WHERE id = :id
"""
# Over all: the two sides of it say the same.
DISAGREEING = """
    SELECT p.id FROM persons p LEFT JOIN identities i ON i.person_id = p.id AND i.is_current
    WHERE p.current_identity_id IS DISTINCT FROM i.id
"""


@pytest.fixture(scope="module")
def member(world: World) -> Api:
    return world.new_tenant().member


def named(superuser: Session, person: dict[str, Any]) -> dict[str, Any]:
    (row,) = superuser.run(PERSON, id=person["id"])
    return row


@pytest.mark.parametrize(
    ("given", "name", "sort_name"),
    [
        (("Zoë", None, "Ito", None), "Zoë Ito", "Ito, Zoë"),
        (("Zoë", "M.", "Ito", "Kuba"), "Kuba Ito", "Ito, Zoë M."),
        ((None, None, "Ito", None), "Ito", "Ito"),
        (("Zoë", None, None, None), "Zoë", "Zoë"),
        ((None, "M.", "Ito", "Kuba"), "Kuba Ito", "Ito, M."),
    ],
)
def test_a_person_is_named_by_the_current_identity(
    superuser: Session, member: Api, given: tuple[str | None, ...], name: str, sort_name: str
) -> None:
    person = new_person(member, "Some", "Body")
    superuser.run(
        "UPDATE identities SET first_name = :a, middle_name = :b, last_name = :c,"
        " preferred_name = :d WHERE person_id = :id",
        id=person["id"],
        **dict(zip("abcd", given, strict=True)),
    )
    found = named(superuser, person)
    assert (found["name"], found["sort_name"]) == (name, sort_name)


def test_a_person_without_a_current_identity_has_no_name(superuser: Session, member: Api) -> None:
    person = new_person(member, "Zoë", "Ito")
    assert named(superuser, person)["version"] == 1
    member.act(at(person, "identities", person["current_identity_id"], "deactivate"))
    found = named(superuser, person)
    assert (found["name"], found["sort_name"], found["version"]) == (None, None, 2)
    assert found["names"] == "Zoë Ito"
    assert superuser.column(CURRENT, id=person["id"]) == []


def test_choosing_and_deleting_keep_both_sides(superuser: Session, member: Api) -> None:
    person = new_person(member, "Zoë", "Ito")
    other = new_identity(member, person, "Zoë", "Okafor")
    member.act(at(person, "current-identity"), {"identity_id": other["id"]})
    assert superuser.column(CURRENT, id=person["id"]) == [other["id"]]
    assert named(superuser, person)["sort_name"] == "Okafor, Zoë"
    member.delete(at(person, "identities", other["id"]))
    assert superuser.column(CURRENT, id=person["id"]) == []
    assert (named(superuser, person)["name"], named(superuser, person)["version"]) == (None, 3)


def test_nobody_but_the_person_says_which_is_current(superuser: Session, member: Api) -> None:
    person = new_person(member)
    other = new_identity(member, person)
    superuser.run(
        "UPDATE identities SET is_current = NOT is_current WHERE person_id = :id", id=person["id"]
    )
    superuser.run("UPDATE persons SET name = 'x', sort_name = 'x' WHERE id = :id", id=person["id"])
    superuser.run(FORGED, id=person["id"])
    assert other
    assert superuser.column(CURRENT, id=person["id"]) == [person["current_identity_id"]]
    assert named(superuser, person)["name"] == "Zoë Ito"


def test_an_identity_has_a_first_or_a_last_name(superuser: Session, member: Api) -> None:
    person = new_person(member)
    sql = "UPDATE identities SET first_name = NULL, last_name = NULL WHERE person_id = :id"
    assert "ck_identities_name" in superuser.refusal(sql, id=person["id"])


def test_an_identity_needs_its_person_when_all_is_done(superuser: Session, tenant: Tenant) -> None:
    sql = """
        INSERT INTO identities (id, tenant_id, person_id, last_name)
        VALUES (nexus.ulid(), :tenant, nexus.ulid(), 'Ito')
    """
    assert "fk_identities_person_id" in superuser.refusal(sql, tenant=tenant.id)


def test_two_who_choose_at_once_leave_one(superuser: Session, holder: Session, member: Api) -> None:
    person = new_person(member)
    ids = [new_identity(member, person)["id"] for _ in range(2)]
    chosen = "UPDATE persons SET current_identity_id = :identity WHERE id = :id"
    holder.run("BEGIN")
    holder.run(chosen, identity=ids[0], id=person["id"])
    begun_before_commit(holder, lambda: superuser.run(chosen, identity=ids[1], id=person["id"]))
    assert superuser.column(CURRENT, id=person["id"]) == [ids[1]]
    assert superuser.column(DISAGREEING) == []


@pytest.mark.parametrize(
    ("last_name", "first_name", "joined"),
    [
        ("王", "明", "王明"),
        ("山田", "さくら", "山田さくら"),
        ("김", "민준", "김민준"),
        ("王", "Ming", None),
        ("Ito", "Zoë", None),
        ("王", None, None),
    ],
)
def test_a_name_of_letters_that_are_not_set_apart_is_joined(
    superuser: Session, last_name: str, first_name: str | None, joined: str | None
) -> None:
    sql = "SELECT nexus.joined_name(:last, :first)"
    assert superuser.value(sql, last=last_name, first=first_name) == joined


def test_a_person_is_found_by_a_name_written_together(member: Api) -> None:
    person = new_person(member, "小龍", "李")
    for path in ("/persons", "/identities"):
        for words in ("李小龍", "李小", "小龍 李"):
            (found,) = member.items(path, q=words)
            assert person["id"] in (found["id"], found.get("person_id"))
