"""What is embedded of a record is the record's own, member by member."""

from tests.support.api import Json
from tests.support.makers import at, new_contact, new_person
from tests.support.people import Tenant, World, unique


def only(record: Json, *names: str) -> Json:
    return {name: record[name] for name in names}


def test_a_person_is_embedded_whole(tenant: Tenant) -> None:
    user_id, names = tenant.member.user["id"], {"preferred_name": "Sasha"}
    made = new_person(tenant.member, external_id=unique("E"), user_id=user_id)
    tenant.member.patch(f"/identities/{made['current_identity_id']}", names)
    new_contact(tenant.member, made)
    person = tenant.member.act(at(made, "archive"))
    for part in ("identities", "contacts"):
        (shown,) = tenant.member.items(
            f"/{part}", person_id=person["id"], expand="person", archived="any"
        )
        members = ("id", "external_id", "user_id", "archived_at")
        named = {"name": "Sasha Ito", "sort_name": person["sort_name"]}
        assert shown["person"] == only(person, *members) | named
        assert None not in shown["person"].values()


def test_an_identity_is_embedded_whole(tenant: Tenant) -> None:
    body = {"first_name": "Alexandra", "middle_name": "M.", "last_name": "Ito"}
    person = tenant.member.post("/persons", {"identity": {**body, "preferred_name": "Sasha"}})
    path = at(person, "identities", person["current_identity_id"])
    tenant.member.post(f"{path}/contacts", {"type": "other", "value": "stage door"})
    tenant.member.act(f"{path}/deactivate")
    identity = tenant.member.act(f"{path}/archive")
    asked = {"identity_id": identity["id"], "expand": "identity", "archived": "true"}
    (shown,) = tenant.member.items("/contacts", **asked)
    members = ("id", "person_id", *body, "preferred_name", "deactivated_at", "archived_at")
    assert shown["identity"] == only(identity, *members) | {"name": "Sasha Ito"}
    assert len(set(shown["identity"].values())) == len(members) + 1
    assert None not in shown["identity"].values()


def test_a_user_is_embedded_whole(world: World, tenant: Tenant) -> None:
    made = world.new_user(tenant.admin).user
    person = new_person(tenant.member, user_id=made["id"])
    user = tenant.admin.act(f"/users/{made['id']}/deactivate")
    (shown,) = tenant.member.items("/persons", id=person["id"], expand="user")
    assert shown["user"] == only(user, "id", "username", "email", "full_name", "deactivated_at")
    assert None not in shown["user"].values()
