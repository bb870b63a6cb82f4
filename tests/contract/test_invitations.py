"""Invitations keep the contract: administrators of other tenants make them, and they are the
caller's alone."""

from typing import Any

from tests.contract.verbs.listing import ListContract
from tests.support.api import Api, Json
from tests.support.people import Tenant, World


class TestInvitations(ListContract):
    path = "/me/invitations"
    item = "/me/invitations/{membership_id}"
    references = {"invited_by_id": "user_id"}

    def new(self, api: Api, **given: Any) -> Json:
        """By a new tenant."""
        assert not given
        other = World("", api.http, api).new_tenant()
        made = other.add(other.group("users"), username=api.user["username"])
        (shown,) = api.items(self.path, id=made["id"])
        return shown

    def new_of(self, tenant: Tenant) -> Json:
        return self.new(tenant.admin)
