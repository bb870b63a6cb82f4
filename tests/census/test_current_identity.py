"""The current identity: the person's own, active, not archived; else there is none."""

import pytest

from tests.contract.resource import NOBODYS_ID, current, stale
from tests.support.api import Api, Json, anonymous, pointers, slug
from tests.support.database import Session
from tests.support.makers import at, new_identity, new_person
from tests.support.people import Tenant
from tests.support.races import at_once, begun_before_commit

CHOOSE = "UPDATE persons SET current_identity_id = :chosen WHERE id = :id"
UNUSABLE = """
    SELECT count(*) FROM persons p LEFT JOIN identities i ON i.id = p.current_identity_id
    WHERE p.current_identity_id IS NOT NULL AND (i.id IS NULL OR i.person_id <> p.id
        OR i.deactivated_at IS NOT NULL OR i.archived_at IS NOT NULL)
"""


@pytest.fixture
def member(tenant: Tenant) -> Api:
    return tenant.member


@pytest.fixture
def person(member: Api) -> Json:
    return new_person(member)


def choose(person: Json, identity_id: str) -> tuple[str, dict[str, str]]:
    return at(person, "current-identity"), {"identity_id": identity_id}


def test_another_identity_becomes_current(member: Api, person: Json) -> None:
    identity = new_identity(member, person)
    changed = member.act(*choose(person, identity["id"]))
    assert (changed["id"], changed["version"]) == (person["id"], 2)
    assert changed["current_identity_id"] == identity["id"]
    now_current = member.get(at(person, "current-identity"))
    assert (now_current["id"], now_current["version"]) == (identity["id"], 2)
    assert member.act(*choose(person, identity["id"])) == changed


def test_its_tag_names_the_identity(member: Api, person: Json) -> None:
    path, other = at(person, "current-identity"), new_identity(member, person)
    assert member.get(path)["version"] == other["version"]
    known = {"If-None-Match": member.expect(200, "GET", path).headers["etag"]}
    member.expect(304, "GET", path, headers=known)
    member.act(*choose(person, other["id"]))
    changed = member.expect(200, "GET", path, headers=known)
    assert changed.json()["id"] == other["id"]
    assert changed.headers["etag"] != known["If-None-Match"]
    member.expect(304, "GET", path, headers={"If-None-Match": changed.headers["etag"]})


def test_it_guards_by_the_persons_version(member: Api, person: Json) -> None:
    path, body = choose(person, new_identity(member, person)["id"])
    member.refused(412, "POST", path, body, headers=stale(person))
    assert member.act(path, body, headers=current(person))["version"] == 2


def test_without_one_there_is_none_to_get(member: Api) -> None:
    person = member.post("/persons", {})
    member.refused(404, "GET", at(person, "current-identity"))
    member.refused(404, "GET", f"/persons/{NOBODYS_ID}/current-identity")


def test_it_is_the_persons_own(member: Api, person: Json, other_tenant: Tenant) -> None:
    foreign = new_person(other_tenant.member)["current_identity_id"]
    told = []
    for identity_id in (new_person(member)["current_identity_id"], foreign, NOBODYS_ID, "x"):
        problem = member.refused(422, "POST", *choose(person, identity_id))
        assert pointers(problem) == ["/identity_id"]
        told.append(anonymous(problem, identity_id))
    assert len(set(told)) == 1
    assert member.get(at(person)) == person


@pytest.mark.parametrize(
    ("verbs", "situation", "pointed_at"),
    [
        (["deactivate"], "identity-inactive", []),
        (["archive"], "reference-archived", ["/identity_id"]),
        (["deactivate", "archive"], "reference-archived", ["/identity_id"]),
    ],
)
def test_it_is_active_and_live(
    member: Api, person: Json, verbs: list[str], situation: str, pointed_at: list[str]
) -> None:
    identity = new_identity(member, person)
    for verb in verbs:
        closed = member.act(at(person, "identities", identity["id"], verb))
        assert "cleared_current_identity" not in closed
    problem = member.refused(409, "POST", *choose(person, identity["id"]))
    assert (slug(problem), pointers(problem)) == (situation, pointed_at)
    assert member.get(at(person)) == person


@pytest.mark.parametrize(("verb", "back"), [("deactivate", "activate"), ("archive", "restore")])
def test_closing_it_clears_it_and_opening_it_does_not_set_it_again(
    member: Api, person: Json, verb: str, back: str
) -> None:
    path = at(person, "identities", person["current_identity_id"])
    closed = member.act(f"{path}/{verb}", {"reason": "Married"})
    assert closed.pop("cleared_current_identity") is True
    assert member.get(path) == closed
    cleared = member.get(at(person))
    assert (cleared["current_identity_id"], cleared["version"]) == (None, 2)
    member.refused(404, "GET", at(person, "current-identity"))
    assert member.act(f"{path}/{verb}") == closed
    opened = member.act(f"{path}/{back}")
    assert opened["version"] == 3
    assert member.act(f"{path}/{back}") == opened
    assert member.get(at(person)) == cleared


def test_deleting_it_clears_it(member: Api, person: Json) -> None:
    member.delete(at(person, "identities", person["current_identity_id"]))
    cleared = member.get(at(person))
    assert (cleared["current_identity_id"], cleared["version"]) == (None, 2)


def test_an_archived_person_gets_no_other(member: Api, person: Json) -> None:
    identity = new_identity(member, person)
    member.act(at(person, "archive"))
    member.refused(409, "POST", *choose(person, identity["id"]))
    member.refused(422, "POST", *choose(person, NOBODYS_ID))


def test_an_archived_identity_is_neither_activated_nor_deactivated(
    member: Api, person: Json
) -> None:
    path = at(person, "identities", person["current_identity_id"])
    member.act(f"{path}/archive")
    member.refused(409, "POST", f"{path}/deactivate")
    assert member.act(f"{path}/activate")["deactivated_at"] is None


def raced(member: Api, person: Json, identity: Json, method: str, verb: str) -> tuple[int, int]:
    """The answers to choosing an identity and, at once, to doing away with it."""
    path, body = choose(person, identity["id"])
    away = at(person, "identities", identity["id"], *verb.split())
    chosen, gone = at_once(
        [
            lambda: member.send("POST", path, json=body).status_code,
            lambda: member.send(method, away).status_code,
        ]
    )
    return chosen, gone


@pytest.mark.parametrize(
    ("method", "verb", "gone", "refused"),
    [
        ("POST", "deactivate", 200, 409),
        ("POST", "archive", 200, 409),
        ("DELETE", "", 204, 422),
    ],
)
def test_chosen_and_done_away_with_at_once_it_is_not_left_current(
    member: Api, superuser: Session, method: str, verb: str, gone: int, refused: int
) -> None:
    for _ in range(8):
        person = member.post("/persons", {})
        answers = raced(member, person, new_identity(member, person), method, verb)
        assert answers in {(200, gone), (refused, gone)}
        assert member.get(at(person))["current_identity_id"] is None
    assert superuser.value(UNUSABLE) == 0


def test_the_database_holds_it_by_itself(member: Api, superuser: Session, person: Json) -> None:
    identity, closed = new_identity(member, person), new_identity(member, person)
    member.act(at(person, "identities", closed["id"], "deactivate"))
    refusal = superuser.refusal(CHOOSE, chosen=closed["id"], id=person["id"])
    assert "ck_persons_current_identity_id" in refusal
    foreign = new_person(member)["current_identity_id"]
    refusal = superuser.refusal(CHOOSE, chosen=foreign, id=person["id"])
    assert "fk_persons_current_identity_id" in refusal
    superuser.run(CHOOSE, chosen=identity["id"], id=person["id"])
    superuser.run("UPDATE identities SET archived_at = now() WHERE id = :id", id=identity["id"])
    assert member.get(at(person))["current_identity_id"] is None


@pytest.mark.parametrize("moment", ["deactivated_at", "archived_at"])
def test_what_another_transaction_is_closing_is_not_chosen(
    member: Api, superuser: Session, holder: Session, moment: str
) -> None:
    """Two connections that know nothing of the service's lock."""
    person = member.post("/persons", {})
    identity = new_identity(member, person)
    holder.run("BEGIN")
    holder.run(f"UPDATE identities SET {moment} = now() WHERE id = :id", id=identity["id"])
    refusal = begun_before_commit(
        holder, lambda: superuser.refusal(CHOOSE, chosen=identity["id"], id=person["id"])
    )
    assert "ck_persons_current_identity_id" in refusal
    assert member.get(at(person))["current_identity_id"] is None


@pytest.mark.parametrize("moment", ["deactivated_at", "archived_at"])
def test_what_another_transaction_is_choosing_is_cleared_when_closed(
    member: Api, superuser: Session, holder: Session, moment: str
) -> None:
    person = member.post("/persons", {})
    identity = new_identity(member, person)
    holder.run("BEGIN")
    holder.run(CHOOSE, chosen=identity["id"], id=person["id"])
    holder.run("SET CONSTRAINTS ALL IMMEDIATE")
    close = f"UPDATE identities SET {moment} = now() WHERE id = :id"
    assert begun_before_commit(holder, lambda: superuser.count(close, id=identity["id"])) == 1
    assert member.get(at(person))["current_identity_id"] is None
