"""A tenant with some of everything, and the document's paths filled with what is in it."""

import json
import re
from itertools import combinations

from tests.census.people import furnish
from tests.support.documented import DOCUMENT
from tests.support.people import Tenant, World
from tests.support.records import new_item, new_location, relate

PATHS = json.loads(DOCUMENT.read_text())["paths"]


def parameters(path: str, kind: str | None = "query") -> set[str]:
    """What the document says that GET takes, of one kind or of all."""
    given = PATHS[path].get("get", {}).get("parameters", [])
    return {parameter["name"] for parameter in given if kind in {parameter["in"], None}}


def sample_tenant(world: World) -> Tenant:
    tenant = world.new_tenant()
    for name in ("location-types", "groups"):
        for letter in "abc":
            tenant.admin.post(f"/{name}", {"name": letter})
        new_location(tenant.admin)
    items = [new_item(tenant.admin) for _ in "abc"]
    for one, other in combinations(items, 2):
        relate(tenant.admin, one, other)
    world.again(tenant.admin)
    world.new_tenant(tenant.admin.within(None))
    for group in tenant.admin.items("/groups", kind="custom"):
        tenant.add(tenant.group("users"), member_group_id=group["id"])
        tenant.add(group, user_id=tenant.admin.user["id"])
    furnish(tenant.admin)
    return tenant


def filled(template: str, place: Tenant) -> str:
    """The path to something that is there."""
    ids = {"tenant_id": place.id, "user_id": place.admin.user["id"]}
    person, *_ = place.admin.items("/persons")
    ids |= {"person_id": person["id"], "identity_id": person["current_identity_id"]}
    ids["group_id"] = place.group("users")["id"]
    for name, path in (
        ("ci_id", "/configuration-items"),
        ("location_id", "/locations"),
        ("location_type_id", "/location-types"),
        ("audit_event_id", "/audit-events"),
        ("contact_id", f"/persons/{person['id']}/contacts"),
    ):
        if f"{{{name}}}" in template:
            ids[name] = place.admin.items(path, limit=1)[0]["id"]
    return re.sub(r"\{(\w+)\}", lambda found: ids[found[1]], template)
