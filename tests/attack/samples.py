"""A well-formed request for each operation of the document: only the caller's right decides it."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from tests.support.api import Api, Json
from tests.support.documented import PATHS, body
from tests.support.makers import MAKERS, shared
from tests.support.people import Tenant, made_up_password, person

type Ids = Mapping[str, str]
type Sample = Callable[[Tenant, Ids], Json]


class Operation(NamedTuple):
    method: str
    path: str

    def __str__(self) -> str:
        return " ".join(self)

    @property
    def success(self) -> int:
        responses = PATHS[self.path][self.method.lower()]["responses"]
        return min(int(status) for status in responses)

    def sent(self, tenant: Tenant, ids: Ids) -> Json:
        """Its options for `Api.send`, below the tenant's records that `ids` names."""
        if self in SAMPLES:
            return SAMPLES[self](tenant, ids)
        makers = [one for one in MAKERS.values() if one.path == self.path]
        if self.method == "POST" and makers:
            return {"json": makers[0].body(tenant.admin)}
        if "requestBody" not in PATHS[self.path][self.method.lower()]:
            return {}
        required = body(self.method, self.path).get("required", [])
        assert not required, f"{self} has no sample: say one in tests/attack/samples.py"
        return {"json": {}} if self.method == "PATCH" else {}

    def least(self, tenant: Tenant, ids: Ids) -> Json:
        """The members of the JSON that it cannot do without."""
        sent: Json = self.sent(tenant, ids).get("json", {})
        needed = {*body(self.method, self.path).get("required", []), *ONE_OF}
        return {name: value for name, value in sent.items() if name in needed}


# What the document cannot say is required: one of two.
ONE_OF = ("issue_type", "person_id")
OPERATIONS = [Operation(method.upper(), path) for path, item in PATHS.items() for method in item]


def made(parameter: str, admin: Api, ids: Ids) -> str:
    return str(MAKERS[parameter].new(admin, ids)["id"])


def open_step(admin: Api, ids: Ids) -> str:
    return str(
        admin.items(f"/issues/{ids['issue_id']}/transitions", requires_comment="false")[0]["id"]
    )


# Where no maker makes such a record and something has to be sent.
SAMPLES: Mapping[tuple[str, str], Sample] = {
    ("POST", "/me/signup"): lambda _, __: {"json": person()},
    ("POST", "/me/signin"): lambda tenant, _: {
        "data": {"username": tenant.admin.user["username"], "password": tenant.admin.password}
    },
    ("POST", "/me/password"): lambda _, __: {
        "json": {"current_password": "not it", "new_password": made_up_password()}
    },
    ("POST", "/me/current-tenant"): lambda tenant, _: {"json": {"tenant_id": tenant.id}},
    ("POST", "/persons/{person_id}/current-identity"): lambda tenant, ids: {
        "json": {"identity_id": made("identity_id", tenant.admin, ids)}
    },
    ("PUT", "/persons/{person_id}/contacts/order"): lambda tenant, ids: {
        "json": {"contact_ids": [made("contact_id", tenant.admin, ids)]}
    },
    ("POST", "/me/current-project"): lambda tenant, _: {
        "json": {"project_id": shared(tenant.admin, "/projects", key="TS")}
    },
    ("POST", "/projects/{project_id}/issues"): lambda tenant, _: {
        "json": MAKERS["issue_id"].body(tenant.admin)
    },
    ("POST", "/issues/{issue_id}/transition"): lambda tenant, ids: {
        "json": {"transition_id": open_step(tenant.admin, ids)}
    },
    ("POST", "/assets/{asset_id}/assignments"): lambda tenant, ids: {
        "json": {"person_id": made("person_id", tenant.admin, ids)}
    },
    ("POST", "/school-calendars/{school_calendar_id}/enrollments"): lambda tenant, ids: {
        "json": {"person_id": made("person_id", tenant.admin, ids)}
    },
    ("POST", "/school-enrollments/{school_enrollment_id}/transfer"): lambda tenant, ids: {
        "json": {"calendar_id": made("school_calendar_id", tenant.admin, ids)}
    },
    ("POST", "/school-employments/{school_employment_id}/assignments"): lambda tenant, ids: {
        "json": {
            "school_id": made("school_id", tenant.admin, ids),
            "type_id": made("employment_assignment_type_id", tenant.admin, ids),
        }
    },
    ("POST", "/issues/{issue_id}/watchers"): lambda tenant, ids: {
        "json": {"user_id": made("user_id", tenant.admin, ids)}
    },
    ("POST", "/persons/{person_id}/identities/{identity_id}/contacts"): lambda tenant, _: {
        "json": MAKERS["contact_id"].body(tenant.admin)
    },
}
