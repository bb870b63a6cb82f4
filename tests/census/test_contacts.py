"""Contacts: checked by type, stored in one form, in a dense order whatever happens at once."""

from collections.abc import Callable
from functools import partial

import pytest

from census.persons.contact_values import stored_value
from nexus.problems import ValidationFailed
from tests.contract.resource import NOBODYS_ID, current
from tests.support.api import Api, Json, pointers, slug
from tests.support.database import Session
from tests.support.makers import at, new_contact, new_identity, new_person
from tests.support.people import Tenant, World, unique
from tests.support.races import at_once, begun_before_commit

TO_WRITE = (
    "has to be a phone number with its country code (or set the tenant's region),"
    " such as +49 30 123456"
)
TO_LENGTH = "no country has phone numbers of this length there"
MOVE_UP = "UPDATE contacts SET sort_order = sort_order - 1 WHERE person_id = :id AND sort_order > 0"


def orders(contacts: list[Json]) -> list[int]:
    return [contact["sort_order"] for contact in contacts]


@pytest.fixture
def member(tenant: Tenant) -> Api:
    return tenant.member


@pytest.fixture
def person(member: Api) -> Json:
    return new_person(member)


@pytest.mark.parametrize(
    ("kind", "given", "stored"),
    [
        ("email", "  Zoe.Ito@Lakeside.Example ", "zoe.ito@lakeside.example"),
        ("email", "zoë@schüle.example", "zoë@schüle.example"),
        ("phone", "+49 30 123456", "+4930123456"),
        ("phone", "+1 (202) 555-0143", "+12025550143"),
        ("phone", "tel:+44-20-7946-0958", "+442079460958"),
        ("email", "zoe\u0308@xn--schle-mva.example", "zoë@schüle.example"),
        ("phone", "+33\u202f1\u202f23\u00a045\u201167\u201389", "+33123456789"),
        ("phone", "\u202a+33 1 23 45 67 89\u202c", "+33123456789"),
        ("address", " 1 Lake Road\nLakeside ", "1 Lake Road\nLakeside"),
        ("other", "knocks twice", "knocks twice"),
    ],
)
def test_a_value_is_stored_in_one_form(
    member: Api, person: Json, kind: str, given: str, stored: str
) -> None:
    body = {"type": kind, "value": given, "label": "home"}
    contact = member.post(at(person, "contacts"), body)
    shown = (contact["type"], contact["value"], contact["label"], contact["sort_order"])
    assert shown == (kind, stored, "home", 0)
    assert (contact["person_id"], contact["identity_id"]) == (person["id"], None)


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("email", "zoe"),
        ("email", "zoe@"),
        ("email", "zoe@lakeside"),
        ("email", "a b@lakeside.example"),
        ("email", f"{'z' * 65}@lakeside.example"),
        ("phone", "030 123456"),
        ("phone", "call me"),
        ("phone", "+1"),
        ("phone", "+1 12"),
        ("phone", "+1 2530000"),
        ("phone", "+999 123456789"),
        ("phone", "+49 30 1234567890123456"),
        ("phone", "+1 202 555 0143 ext. 12"),
    ],
)
def test_a_value_that_its_type_does_not_take_is_refused(
    member: Api, person: Json, kind: str, given: str
) -> None:
    body = {"type": kind, "value": given}
    problem = member.refused(422, "POST", at(person, "contacts"), body)
    assert pointers(problem) == ["/value"]
    contact = new_contact(member, person)
    assert pointers(member.refused(422, "PATCH", f"/contacts/{contact['id']}", body)) == ["/value"]
    assert len(member.items(at(person, "contacts"))) == 1


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("+1 2530000", TO_LENGTH),
        ("+44 7946 0958", TO_LENGTH),
        ("+49 30 1", TO_LENGTH),
        ("+1 12", TO_LENGTH),
        ("+1 202 555 0143 0", TO_LENGTH),
        ("+49 30 1234567890123456", TO_WRITE),
        ("+999 123456789", TO_WRITE),
        ("030 123456", TO_WRITE),
        ("call me", TO_WRITE),
        ("+1" * 200, TO_WRITE),
        (
            "+1 202 555 0143 ext. 12",
            "leave the extension out, or put it where there is room for words",
        ),
    ],
)
def test_a_phone_number_is_refused_in_words_that_help(
    member: Api, person: Json, given: str, told: str
) -> None:
    body = {"type": "phone", "value": given}
    problem = member.refused(422, "POST", at(person, "contacts"), body)
    assert problem["errors"] == [{"pointer": "/value", "message": told}]


@pytest.mark.parametrize(
    ("given", "region"),
    [("01 23 45 67 89", "FR"), ("00 33 1 23 45 67 89", "DE"), ("+33 1 23 45 67 89", "US")],
)
def test_a_number_without_a_country_code_is_of_a_region(given: str, region: str) -> None:
    assert stored_value("phone", given, region) == "+33123456789"
    with pytest.raises(ValidationFailed, match="has to be a phone number, such as"):
        stored_value("phone", "call me", region)


def test_a_type_there_is_none_of_is_refused(member: Api, person: Json) -> None:
    problem = member.refused(422, "POST", at(person, "contacts"), {"type": "fax", "value": "1"})
    assert pointers(problem) == ["/type"]


def test_type_and_value_fit_together_after_a_patch(member: Api, person: Json) -> None:
    contact = new_contact(member, person, "+49 30 123456")
    path = f"/contacts/{contact['id']}"
    assert pointers(member.refused(422, "PATCH", path, {"type": "email"})) == ["/value"]
    phone = member.patch(path, {"type": "phone"})
    assert (phone["value"], phone["version"]) == ("+4930123456", 2)
    assert member.patch(path, {"value": "+49 (30) 123456"}) == phone
    member.refused(422, "PATCH", path, {"value": "zoe@lakeside.example"})
    both = {"type": "email", "value": "ZOE@lakeside.example"}
    assert member.patch(path, both)["value"] == "zoe@lakeside.example"


def test_an_identitys_contacts_are_not_among_the_persons(member: Api, person: Json) -> None:
    identity = new_identity(member, person)
    path = at(person, "identities", identity["id"], "contacts")
    for_person = new_contact(member, person)
    made = member.expect(201, "POST", path, json={"type": "other", "value": "stage door"})
    hers = made.json()
    assert member.get(made.headers["location"]) == hers
    assert (hers["person_id"], hers["identity_id"]) == (None, identity["id"])
    assert hers["sort_order"] == 0
    assert member.items(path) == [hers]
    assert member.items(at(person, "contacts")) == [for_person]
    member.refused(404, "GET", at(person, "contacts", hers["id"]))
    assert member.items("/contacts", identity_id=identity["id"]) == [hers]
    member.delete(at(person, "identities", identity["id"]))
    member.refused(404, "GET", f"/contacts/{hers['id']}")


def test_an_identitys_contacts_are_below_its_own_person(member: Api, person: Json) -> None:
    identity = new_identity(member, person)
    body = {"type": "other", "value": "stage door"}
    for owner, identity_id in (
        (new_person(member)["id"], identity["id"]),
        (person["id"], NOBODYS_ID),
    ):
        path = f"/persons/{owner}/identities/{identity_id}/contacts"
        member.refused(404, "POST", path, body)
        member.refused(404, "GET", path)


def test_an_archived_identity_gets_no_contact(member: Api, person: Json) -> None:
    identity = new_identity(member, person)
    path = at(person, "identities", identity["id"])
    body = {"type": "other", "value": "stage door"}
    contact = member.post(f"{path}/contacts", body)
    member.act(f"{path}/archive")
    member.refused(409, "POST", f"{path}/contacts", body)
    for same in ({}, {"label": None}, body):
        problem = member.refused(409, "PATCH", f"/contacts/{contact['id']}", same)
        assert slug(problem) == "record-archived"
    member.refused(409, "PATCH", f"/contacts/{contact['id']}", {"label": "home"})
    member.refused(409, "DELETE", f"/contacts/{contact['id']}")


class TestOrder:
    @pytest.fixture
    def contacts(self, member: Api, person: Json) -> list[Json]:
        return [new_contact(member, person, f"{place}") for place in range(4)]

    def test_new_ones_come_last(self, member: Api, person: Json, contacts: list[Json]) -> None:
        assert orders(contacts) == [0, 1, 2, 3]
        assert member.items(at(person, "contacts")) == contacts

    def test_those_behind_a_deleted_one_move_up(
        self, member: Api, person: Json, contacts: list[Json]
    ) -> None:
        member.delete(at(person, "contacts", contacts[1]["id"]))
        left = member.items(at(person, "contacts"))
        assert [c["value"] for c in left] == ["0", "2", "3"]
        assert orders(left) == [0, 1, 2]

    def test_the_order_is_set_as_a_whole(
        self, member: Api, person: Json, contacts: list[Json]
    ) -> None:
        wanted = [contacts[place]["id"] for place in (2, 0, 3, 1)]
        page = member.expect(
            200, "PUT", at(person, "contacts", "order"), json={"contact_ids": wanted}
        )
        assert [c["id"] for c in page.json()["items"]] == wanted
        assert orders(page.json()["items"]) == [0, 1, 2, 3]
        assert page.json()["next"] is None
        assert member.get(at(person, "contacts")) == page.json()
        assert [c["version"] for c in page.json()["items"]] == [2, 2, 2, 2]
        again = member.expect(
            200, "PUT", at(person, "contacts", "order"), json={"contact_ids": wanted}
        )
        assert again.json() == page.json()
        assert len(member.pages(at(person, "contacts"), limit=1)) == 4
        newest = member.items(at(person, "contacts"), sort="-sort_order")
        assert orders(newest) == [3, 2, 1, 0]

    def test_anything_but_a_permutation_changes_nothing(
        self, member: Api, person: Json, contacts: list[Json]
    ) -> None:
        ids = [c["id"] for c in contacts]
        strange = new_contact(member, new_person(member))["id"]
        path = at(person, "contacts", "order")
        for wrong in (
            [],
            ids[1:],
            [*ids, ids[0]],
            [ids[0], *ids[:3]],
            [*ids, strange],
            [*ids[:3], "x"],
        ):
            problem = member.refused(422, "PUT", path, {"contact_ids": wrong})
            assert pointers(problem) == ["/contact_ids"]
        for body in ({}, {"contact_ids": None}, {"contact_ids": "x"}, {"contact_ids": ids, "x": 1}):
            member.refused(422, "PUT", path, body)
        assert member.items(at(person, "contacts")) == contacts

    def test_an_archived_persons_order_stays(
        self, member: Api, person: Json, contacts: list[Json]
    ) -> None:
        member.act(at(person, "archive"))
        body = {"contact_ids": [c["id"] for c in reversed(contacts)]}
        member.refused(409, "PUT", at(person, "contacts", "order"), body)

    def test_a_foreign_persons_order_is_not_found(
        self, other_tenant: Tenant, person: Json, contacts: list[Json]
    ) -> None:
        body = {"contact_ids": [c["id"] for c in contacts]}
        other_tenant.member.refused(404, "PUT", at(person, "contacts", "order"), body)

    def test_it_stays_dense_whatever_happens_at_once(
        self, member: Api, person: Json, contacts: list[Json]
    ) -> None:
        ids = [c["id"] for c in contacts]
        create = {"json": {"type": "other", "value": "new"}}

        def send(method: str, path: str, **options: Json) -> Callable[[], int]:
            return lambda: member.send(method, at(person, *path.split("/")), **options).status_code

        calls = [
            send("PUT", "contacts/order", json={"contact_ids": ids[::-1]}),
            send("PUT", "contacts/order", json={"contact_ids": ids}),
            *[send("POST", "contacts", **create)] * 5,
            send("DELETE", f"contacts/{ids[0]}"),
            send("DELETE", f"contacts/{ids[2]}"),
        ]
        answers = at_once(calls)
        assert set(answers[:2]) <= {200, 422}
        assert answers[2:] == [201] * 5 + [204] * 2
        left = member.items(at(person, "contacts"))
        assert orders(left) == list(range(7))

    def test_it_waits_for_a_contact_that_is_being_deleted(
        self, member: Api, person: Json, contacts: list[Json], holder: Session
    ) -> None:
        """Whoever deletes one holds the person first."""
        ids = [c["id"] for c in contacts]
        put = partial(member.send, "PUT", at(person, "contacts", "order"))
        holder.run("BEGIN")
        holder.run("SELECT FROM persons WHERE id = :id FOR UPDATE", id=person["id"])
        holder.run("DELETE FROM contacts WHERE id = :id", id=ids.pop(0))
        holder.run(MOVE_UP, id=person["id"])
        answer = begun_before_commit(holder, lambda: put(json={"contact_ids": ids[::-1]}))
        assert (answer.status_code, orders(answer.json()["items"])) == (200, [0, 1, 2])
        assert [c["id"] for c in member.items(at(person, "contacts"))] == ids[::-1]

    def test_of_orders_at_once_one_holds_whole(
        self, member: Api, person: Json, contacts: list[Json]
    ) -> None:
        ids = [c["id"] for c in contacts]
        wanted = [ids[place:] + ids[:place] for place in range(4)]
        path = at(person, "contacts", "order")
        calls = [
            lambda order=order: member.send("PUT", path, json={"contact_ids": order}).status_code
            for order in wanted
        ]
        assert at_once(calls) == [200] * 4
        left = member.items(at(person, "contacts"))
        assert orders(left) == [0, 1, 2, 3]
        assert [c["id"] for c in left] in wanted

    def test_two_deletes_of_one_contact_move_the_others_once(
        self, member: Api, person: Json, contacts: list[Json]
    ) -> None:
        path = at(person, "contacts", contacts[0]["id"])
        answers = at_once([lambda: member.send("DELETE", path).status_code] * 4)
        assert sorted(answers) == [204, 404, 404, 404]
        assert orders(member.items(at(person, "contacts"))) == [0, 1, 2]

    def test_a_moved_contact_has_another_version(self, member: Api, contacts: list[Json]) -> None:
        member.delete(f"/contacts/{contacts[0]['id']}")
        path = f"/contacts/{contacts[1]['id']}"
        member.refused(412, "PATCH", path, {"label": "x"}, headers=current(contacts[1]))


def test_numbers_without_a_country_are_of_the_tenants_region(world: World) -> None:
    tenant = world.new_tenant()
    person = new_person(tenant.member)
    path, body = at(person, "contacts"), {"type": "phone", "value": "030 123456"}
    assert pointers(tenant.member.refused(422, "POST", path, body)) == ["/value"]
    tenant.admin.patch(f"/tenants/{tenant.id}", {"settings": {"region": "DE"}})
    contact = tenant.member.post(path, body)
    assert contact["value"] == "+4930123456"
    for asked in ({"value": "030 123456"}, {"q": "030 123456"}, {"q": "(030) 1234-56"}):
        assert tenant.member.items("/contacts", **asked) == [contact]
    assert tenant.member.items(path, value="030 123457") == []


def test_a_value_that_only_looks_like_an_address_is_found_as_it_is(tenant: Tenant) -> None:
    person = new_person(tenant.member)
    value = f"{unique('Z')}@School.Example".replace(" ", ".")
    contact = tenant.member.post(at(person, "contacts"), {"type": "other", "value": value})
    assert tenant.member.items("/contacts", value=value) == [contact]
