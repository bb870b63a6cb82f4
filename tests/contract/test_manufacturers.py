"""Manufacturers keep the contract: a catalog; where help is, is of a form that leads there."""

import pytest

from tests.contract.plain import PlainCatalogContract
from tests.support.api import Api, pointers
from tests.support.people import World

LONG_ADDRESS = "https://acme.example/".ljust(2_000, "x")


class TestManufacturers(PlainCatalogContract):
    path = "/manufacturers"
    samples = {
        "website": "https://acme.example",
        "support_url": "https://acme.example/help?from=us",
        "support_phone": "+12025550143",
        "support_email": "help@acme.example",
    }

    @pytest.mark.parametrize(
        ("member", "given", "stored"),
        [
            ("website", " HTTP://Acme.example/ab ", "HTTP://Acme.example/ab"),
            ("support_url", LONG_ADDRESS, LONG_ADDRESS),
            ("support_phone", " +1 (202) 555-0143 ", "+12025550143"),
            ("support_email", " Help@ACME.example ", "help@acme.example"),
        ],
    )
    def test_where_help_is_has_one_form(
        self, writer: Api, member: str, given: str, stored: str
    ) -> None:
        made = self.new(writer, **{member: given})
        assert made[member] == stored
        cleared = writer.patch(self.at(made), {member: None})
        assert cleared[member] is None
        assert writer.patch(self.at(made), {member: given})[member] == stored
        assert self.found(writer, [made], **{member: given}) == [made["id"]]

    @pytest.mark.parametrize(
        ("member", "given"),
        [
            ("website", "acme.example"),
            ("website", "ftp://acme.example"),
            ("website", "https://"),
            ("support_url", "javascript:alert(1)"),
            ("support_url", "https://acme.example/two\nlines"),
            ("support_phone", "call us"),
            ("support_phone", "+1 202 555 0143 ext. 12"),
            ("support_email", "help"),
            ("support_email", "help@"),
        ],
    )
    def test_what_leads_nowhere_is_refused(self, writer: Api, member: str, given: str) -> None:
        sent = self.body_with(writer, **{member: given})
        assert pointers(writer.refused(422, "POST", self.path, sent)) == [f"/{member}"]
        made = self.new(writer)
        problem = writer.refused(422, "PATCH", self.at(made), {member: given})
        assert pointers(problem) == [f"/{member}"]

    def test_a_number_without_a_country_code_is_of_the_tenants_region(self, world: World) -> None:
        tenant = world.new_tenant()
        sent = self.body_with(tenant.admin, support_phone="030 901820")
        problem = tenant.admin.refused(422, "POST", self.path, sent)
        assert pointers(problem) == ["/support_phone"]
        tenant.admin.patch(f"/tenants/{tenant.id}", {"settings": {"region": "DE"}})
        made = tenant.admin.post(self.path, sent)
        assert made["support_phone"] == "+4930901820"
        changed = tenant.admin.patch(self.at(made), {"support_phone": "030 901821"})
        assert changed["support_phone"] == "+4930901821"
