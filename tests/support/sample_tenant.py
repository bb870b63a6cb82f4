"""A tenant with some of everything, and the document's paths filled with what is in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.api import Api
from tests.support.makers import MAKERS, hired, in_path
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
    learn_and_work(admin, ids)
    return SampleTenant(tenant.id, tenant.name, admin, tenant.member, ids)


def learn_and_work(admin: Api, ids: dict[str, str]) -> None:
    """Somebody is enrolled twice, and has two assignments; each scope has two of each."""
    person: dict[str, Any] = {"person_id": ids["person_id"]}
    school: dict[str, Any] = {"school_id": ids["school_id"]}
    calendar: dict[str, Any] = {"calendar_id": ids["school_calendar_id"]}
    of_year = [
        MAKERS["school_calendar_id"].new(admin, school, calendar_id=ids["school_year_id"])["id"]
        for _ in range(2)
    ]
    enrolled = MAKERS["school_enrollment_id"]
    for given in (calendar, {"calendar_id": of_year[0]}):
        enrolled.new(admin, **given)
        enrolled.new(admin, **person, **given)
    employment = ids["school_employment_id"] = hired(admin, **person)["id"]
    for _ in range(2):
        MAKERS["employment_assignment_id"].new(
            admin, employment_id=employment, **school, **calendar
        )


def filled(template: str, place: SampleTenant) -> str:
    """The path to something that is there."""
    return in_path(template, place.ids)
