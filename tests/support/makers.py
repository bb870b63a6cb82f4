"""A sample of each resource, made with as little said as it allows: one table for all tests."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.api import Api, Json
from tests.support.people import person, unique

NO_IDS: Mapping[str, str] = {}


@dataclass(frozen=True)
class Maker:
    """Where a record is posted, and the body: each time another."""

    path: str
    body: Callable[[Api], Json]

    def new(self, api: Api, ids: Mapping[str, str] = NO_IDS, **given: Any) -> Json:
        """A record below those that `ids` names, and below new ones where it names none."""
        place = placed(api, self.path, ids)
        made: Json = api.post(place, {**self.body(api), **given})
        return made


class SessionMaker(Maker):
    """Another session of the caller."""

    def new(self, api: Api, ids: Mapping[str, str] = NO_IDS, **given: Any) -> Json:  # noqa: ARG002
        form = {"username": api.user["username"], "password": api.password}
        token = api.expect(200, "POST", self.path, data=form).json()["access_token"]
        (made,) = api.items("/me/sessions", id=token.removeprefix("nxs_")[:26])
        return made


class EventMaker(Maker):
    """The event of a new group."""

    def new(self, api: Api, ids: Mapping[str, str] = NO_IDS, **given: Any) -> Json:  # noqa: ARG002
        group = MAKERS["group_id"].new(api)
        (made,) = api.items("/audit-events", record_id=group["id"])
        return made


def named(word: str) -> Callable[[Api], Json]:
    return lambda _: {"name": unique(word)}


def id_of_new(parameter: str, api: Api) -> str:
    return str(MAKERS[parameter].new(api)["id"])


def room(api: Api) -> str:
    """A type that all tenants share."""
    return str(api.items("/location-types", name="Room", scope="shared")[0]["id"])


# By the path's parameter that names such a record.
MAKERS: Mapping[str, Maker] = {
    "tenant_id": Maker("/tenants", named("Tenant")),
    "user_id": Maker("/users", lambda _: person()),
    "group_id": Maker("/groups", named("Group")),
    "membership_id": Maker(
        "/groups/{group_id}/memberships", lambda api: {"user_id": id_of_new("user_id", api)}
    ),
    "session_id": SessionMaker("/me/signin", lambda _: {}),
    "audit_event_id": EventMaker("/groups", lambda _: {}),
    "location_type_id": Maker("/location-types", named("Type")),
    "location_id": Maker(
        "/locations", lambda api: {"name": unique("Place"), "type_id": room(api)}
    ),
    "ci_id": Maker("/configuration-items", named("Item")),
    "relationship_id": Maker(
        "/configuration-items/{ci_id}/relationships",
        lambda api: {"target_id": id_of_new("ci_id", api), "relationship_type": "depends_on"},
    ),
    "person_id": Maker(
        "/persons",
        lambda _: {
            "external_id": unique("E"),
            "identity": {"first_name": "Zoë", "last_name": unique("Ito")},
        },
    ),
    "identity_id": Maker(
        "/persons/{person_id}/identities",
        lambda _: {"first_name": "Zoe", "last_name": unique("Okafor")},
    ),
    "contact_id": Maker(
        "/persons/{person_id}/contacts", lambda _: {"type": "other", "value": unique("desk")}
    ),
}  # fmt: skip


def ids_for(api: Api, path: str, ids: Mapping[str, str] = NO_IDS) -> dict[str, str]:
    """What stands for each parameter of a path: a new record, unless `ids` names one."""
    known = dict(ids)
    for name in re.findall(r"\{(\w+)\}", path):
        if name not in known:
            known[name] = str(MAKERS[name].new(api, known)["id"])
    return known


def placed(api: Api, path: str, ids: Mapping[str, str] = NO_IDS) -> str:
    """A path of the document, leading somewhere."""
    return path.format_map(ids_for(api, path, ids))


def new_location(api: Api, parent: Json | None = None, **given: Any) -> Json:
    return MAKERS["location_id"].new(api, parent_id=parent and parent["id"], **given)


def new_item(api: Api, **given: Any) -> Json:
    return MAKERS["ci_id"].new(api, **given)


def relate(api: Api, source: Json, target: Json, kind: str = "depends_on") -> Json:
    """The source stands on the target."""
    ends = {"target_id": target["id"], "relationship_type": kind}
    made: Json = api.post(f"/configuration-items/{source['id']}/relationships", ends)
    return made


def new_person(api: Api, first: str = "Zoë", last: str = "Ito", **given: str) -> Json:
    """A person with a current identity."""
    names = {"first_name": first, "last_name": last}
    made: Json = api.post("/persons", {"identity": names, **given})
    return made


def new_identity(api: Api, person: Json, first: str = "Zoe", last: str = "Okafor") -> Json:
    ids = {"person_id": person["id"]}
    return MAKERS["identity_id"].new(api, ids, first_name=first, last_name=last)


def new_contact(api: Api, person: Json, value: str = "at the desk") -> Json:
    return MAKERS["contact_id"].new(api, {"person_id": person["id"]}, value=value)


def at(person: Json, *below: str) -> str:
    return "/".join([f"/persons/{person['id']}", *below])
