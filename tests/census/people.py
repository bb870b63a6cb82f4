"""Persons and their parts, made in a line."""

from tests.support.api import Api, Json


def new_person(caller: Api, first: str = "Zoë", last: str = "Ito", **given: str) -> Json:
    """A person with a current identity."""
    names = {"first_name": first, "last_name": last}
    person: Json = caller.post("/persons", {"identity": names, **given})
    return person


def at(person: Json, *below: str) -> str:
    return "/".join([f"/persons/{person['id']}", *below])


def new_identity(caller: Api, person: Json, first: str = "Zoe", last: str = "Okafor") -> Json:
    names = {"first_name": first, "last_name": last}
    identity: Json = caller.post(at(person, "identities"), names)
    return identity


def new_contact(caller: Api, person: Json, value: str = "at the desk") -> Json:
    body = {"type": "other", "value": value}
    contact: Json = caller.post(at(person, "contacts"), body)
    return contact


def orders(contacts: list[Json]) -> list[int]:
    return [contact["sort_order"] for contact in contacts]


def furnish(caller: Api) -> None:
    """Two persons; the first has two of each part."""
    person, _ = new_person(caller), new_person(caller)
    new_identity(caller, person)
    for owner in (at(person), at(person, "identities", person["current_identity_id"])):
        for value in ("first desk", "second desk"):
            caller.post(f"{owner}/contacts", {"type": "other", "value": value})
