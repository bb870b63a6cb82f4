"""Persons: made with a first identity, tied to a user, deleted with their parts."""

from tests.contract.resource import NOBODYS_ID
from tests.support.api import Json, anonymous, pointers
from tests.support.makers import at, new_contact, new_identity, new_person
from tests.support.people import Tenant, World, unique
from tests.support.races import at_once


def test_a_person_comes_with_a_first_identity(tenant: Tenant) -> None:
    person = new_person(tenant.member, "Zoë", "Ito")
    assert (person["version"], person["updated_at"]) == (1, person["created_at"])
    current = tenant.member.get(at(person, "current-identity"))
    assert current["id"] == person["current_identity_id"]
    assert (current["first_name"], current["last_name"]) == ("Zoë", "Ito")
    assert tenant.member.items(at(person, "identities")) == [current]
    assert tenant.member.get(at(person)) == person


def test_a_first_identity_is_checked_and_nothing_is_left(tenant: Tenant) -> None:
    external_id = unique("E")
    body: Json = {"external_id": external_id, "identity": {"first_name": " "}}
    problem = tenant.member.refused(422, "POST", "/persons", body)
    assert pointers(problem) == ["/identity/last_name"]
    assert tenant.member.items("/persons", external_id=external_id) == []


def test_a_user_of_the_tenant_may_be_a_person(tenant: Tenant) -> None:
    user = tenant.member.user
    person = new_person(tenant.member, user_id=user["id"])
    (found,) = tenant.member.items("/persons", user_id=user["id"], expand="user,current_identity")
    assert (found["id"], found["user"]["username"]) == (person["id"], user["username"])
    assert found["current_identity"]["name"] == "Zoë Ito"
    tenant.admin.refused(409, "DELETE", f"/users/{user['id']}")


def test_a_foreign_user_looks_like_none(world: World, tenant: Tenant, other_tenant: Tenant) -> None:
    foreign = other_tenant.member.user["id"]
    problems = [
        tenant.member.refused(422, "POST", "/persons", {"user_id": id_})
        for id_ in (foreign, NOBODYS_ID)
    ]
    assert pointers(problems[0]) == ["/user_id"]
    assert anonymous(problems[0], foreign) == anonymous(problems[1], NOBODYS_ID)
    person = new_person(tenant.member)
    tenant.member.refused(422, "PATCH", at(person), {"user_id": world.sign_up().user["id"]})


def test_the_current_identity_is_not_patched(tenant: Tenant) -> None:
    person = new_person(tenant.member)
    body = {"current_identity_id": None}
    assert pointers(tenant.member.refused(422, "PATCH", at(person), body)) == [
        "/current_identity_id"
    ]


def test_of_ten_with_one_external_id_one_is_made(tenant: Tenant) -> None:
    body = {"external_id": unique("E")}

    def make() -> int:
        return tenant.member.send("POST", "/persons", json=body).status_code

    assert sorted(at_once([make] * 10)) == [201] + [409] * 9


def test_a_person_is_deleted_with_all_parts(tenant: Tenant) -> None:
    person = new_person(tenant.member)
    identity = new_identity(tenant.member, person)
    contact = new_contact(tenant.member, person)
    body = {"type": "other", "value": "hers"}
    hers = tenant.member.post(at(person, "identities", identity["id"], "contacts"), body)
    tenant.admin.delete(at(person))
    for path in (
        f"/identities/{identity['id']}",
        f"/identities/{person['current_identity_id']}",
        f"/contacts/{contact['id']}",
        f"/contacts/{hers['id']}",
        at(person, "current-identity"),
    ):
        tenant.member.refused(404, "GET", path)


def test_what_happened_is_in_the_audit_log_and_names_gathered_for_searching_are_not(
    tenant: Tenant,
) -> None:
    person = new_person(tenant.member)
    tenant.member.patch(f"/identities/{person['current_identity_id']}", {"last_name": "Okafor"})
    events = tenant.admin.items("/audit-events", record_id=person["id"])
    assert [(e["action"], e["resource"]) for e in events] == [("insert", "persons")]
    changed = tenant.admin.items("/audit-events", record_id=person["current_identity_id"])
    assert {"last_name": ["Ito", "Okafor"]} in [e["changes"] for e in changed]
    assert tenant.member.get(at(person))["version"] == 2  # for its name is that of the identity


def test_parts_embed_whose_they_are(tenant: Tenant) -> None:
    person = new_person(tenant.member, "Zoë", "Ito", external_id=unique("E"))
    contact = new_contact(tenant.member, person)
    for path in (f"/identities/{person['current_identity_id']}", f"/contacts/{contact['id']}"):
        shown = tenant.member.get(path, expand="person")
        assert shown["person"]["name"] == "Zoë Ito"
        assert shown["person"]["external_id"] == person["external_id"]


def test_a_person_is_called_by_the_preferred_name(tenant: Tenant) -> None:
    names = {"first_name": "Alexandra", "last_name": "Ito", "preferred_name": "Sasha"}
    person = tenant.member.post("/persons", {"identity": names})
    shown = tenant.member.get(at(person), expand="current_identity")
    assert shown["current_identity"]["name"] == "Sasha Ito"
