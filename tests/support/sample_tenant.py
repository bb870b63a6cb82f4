"""A tenant with some of everything, and the document's paths filled with what is in it."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.support.makers import MAKERS
from tests.support.people import Tenant, World, unique


@dataclass(frozen=True)
class SampleTenant(Tenant):
    """`ids` has a record for each parameter of a path; there are others beside each."""

    ids: Mapping[str, str]


def sample_tenant(world: World) -> SampleTenant:
    """Each list has two records or more."""
    tenant = world.new_tenant()
    admin = tenant.admin
    ids = {"tenant_id": tenant.id, "user_id": admin.user["id"]}
    for name, maker in MAKERS.items():
        made = [maker.new(admin, ids) for _ in range(2)]
        ids.setdefault(name, made[0]["id"])
    tenant.add({"id": ids["group_id"]}, user_id=ids["user_id"])
    for other in (world.new_tenant(), world.new_tenant()):
        other.add(other.group("users"), username=admin.user["username"])
    of_identity = f"/persons/{ids['person_id']}/identities/{ids['identity_id']}/contacts"
    for _ in range(2):
        admin.post(of_identity, MAKERS["contact_id"].body(admin))
    issue = f"/issues/{ids['issue_id']}"
    admin.patch(issue, {"title": "Seen again", "due_at": "2027-01-31T12:00:00Z"})
    admin.post(f"{issue}/watchers", {"user_id": tenant.member.user["id"]})
    admin.act("/me/current-project", {"project_id": ids["project_id"]})
    for _ in range(2):
        admin.post(f"/projects/{ids['project_id']}/issues", MAKERS["issue_id"].body(admin))
        admin.post("/groups", {"name": unique("Group"), "project_id": ids["project_id"]})
    asset = f"/assets/{ids['asset_id']}"
    for _ in range(2):
        admin.post(f"{asset}/assignments", {"person_id": ids["person_id"], "due_on": "2027-01-31"})
        admin.patch(asset, {"name": unique("Asset"), "purchased_on": "2026-01-31"})
    return SampleTenant(tenant.id, tenant.name, admin, tenant.member, ids)


def filled(template: str, place: SampleTenant) -> str:
    """The path to something that is there."""
    return template.format_map(place.ids)
