"""?q= finds persons and identities by any part of any name, without case and accents."""

import secrets
from functools import partial

import pytest

from tests.support.api import Api
from tests.support.database import Session
from tests.support.makers import at, new_identity, new_person
from tests.support.people import Tenant
from tests.support.races import at_once, begun_before_commit

NAME = """
    INSERT INTO identities (id, tenant_id, person_id, first_name, last_name)
    VALUES (nexus.ulid(), :tenant_id, :person_id, 'Zoe', :last_name)
"""


@pytest.fixture
def member(tenant: Tenant) -> Api:
    return tenant.member


def found(member: Api, path: str, text: str, **query: str) -> list[str]:
    return [item["id"] for item in member.items(path, q=text, **query)]


@pytest.mark.parametrize("part", ["zoe", "ZOË", "oe", "lodz", "stręk", "Strek Zoe", "mie", "kuba"])
def test_any_part_of_any_name_is_found(member: Api, part: str) -> None:
    mark = secrets.token_hex(5)
    names = {"first_name": f"Zoë{mark}", "middle_name": "Mieczysława", "last_name": "Łódź-Stręk"}
    person = member.post("/persons", {"identity": {**names, "preferred_name": "Kuba"}})
    assert found(member, "/persons", f"{part} {mark}") == [person["id"]]
    assert found(member, "/identities", f"{part} {mark}") == [person["current_identity_id"]]
    assert found(member, "/persons", f"{part} {mark} qqxzzy") == []


def test_a_person_is_found_by_every_live_identity(member: Api) -> None:
    mark = secrets.token_hex(5)
    person = new_person(member, "Zoe", f"Born{mark}")
    married = new_identity(member, person, "Zoe", f"Wed{mark}")
    for name in ("born", "wed"):
        assert found(member, "/persons", f"{name}{mark}") == [person["id"]]
    assert found(member, "/identities", f"wed{mark}") == [married["id"]]
    member.act(at(person, "identities", married["id"], "deactivate"))
    assert found(member, "/persons", f"wed{mark}") == [person["id"]]
    member.act(at(person, "identities", married["id"], "archive"))
    for path in ("/persons", "/identities"):
        assert found(member, path, f"wed{mark}") == []
    member.act(at(person, "identities", married["id"], "restore"))
    assert found(member, "/persons", f"wed{mark}") == [person["id"]]


def test_a_person_is_found_by_what_they_are_called_now(member: Api) -> None:
    mark = secrets.token_hex(5)
    person = new_person(member, "Zoe", f"Old{mark}")
    identity = f"/identities/{person['current_identity_id']}"
    member.patch(identity, {"last_name": f"New{mark}"})
    assert found(member, "/persons", f"old{mark}") == []
    assert found(member, "/persons", f"new{mark}") == [person["id"]]
    member.delete(at(person, identity.removeprefix("/")))
    assert found(member, "/persons", f"new{mark}") == []


def test_an_archived_person_is_found_when_asked_for(member: Api) -> None:
    mark = secrets.token_hex(5)
    person = new_person(member, "Zoe", mark)
    member.act(at(person, "archive"))
    assert found(member, "/persons", mark) == []
    assert found(member, "/persons", mark, archived="any") == [person["id"]]


def test_names_that_two_transactions_give_are_both_found(
    member: Api, superuser: Session, holder: Session
) -> None:
    """Two connections that know nothing of the service's lock."""
    person = member.post("/persons", {})
    marks = [secrets.token_hex(5) for _ in range(2)]
    ids = {"tenant_id": person["tenant_id"], "person_id": person["id"]}
    holder.run("BEGIN")
    holder.run(NAME, last_name=marks[0], **ids)
    begun_before_commit(holder, lambda: superuser.run(NAME, last_name=marks[1], **ids))
    for mark in marks:
        assert found(member, "/persons", mark) == [person["id"]]


def test_names_given_at_once_are_all_found(member: Api) -> None:
    person = member.post("/persons", {})
    marks = [secrets.token_hex(5) for _ in range(6)]
    at_once([partial(new_identity, member, person, "Zoe", mark) for mark in marks])
    for mark in marks:
        assert found(member, "/persons", mark) == [person["id"]]


def test_a_foreign_name_is_not_found(member: Api, other_tenant: Tenant) -> None:
    mark = secrets.token_hex(5)
    person = new_person(other_tenant.member, "Zoe", mark)
    for path, id_ in (("/persons", person["id"]), ("/identities", person["current_identity_id"])):
        assert found(other_tenant.member, path, mark) == [id_]
        assert found(member, path, mark) == []
