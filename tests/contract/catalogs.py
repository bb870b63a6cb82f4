"""Catalogs: the root tenant's records are everybody's to see and its administrators' to change."""

import pytest

from tests.contract.resource import Resource
from tests.support.api import Api, Json
from tests.support.people import Tenant


class CatalogContract(Resource):
    @pytest.fixture
    def shared(self, root: Api) -> Json:
        return self.new(root)

    def test_a_shared_record_is_seen_by_every_tenant(
        self, tenant: Tenant, other_tenant: Tenant, root: Api, shared: Json
    ) -> None:
        assert shared["tenant_id"] == root.tenant_id
        for reader in (tenant.admin, tenant.member, other_tenant.admin):
            assert reader.get(self.at(shared)) == shared
            assert reader.items(self.path, id=shared["id"]) == [shared]

    def test_a_tenants_own_record_tells_its_tenant(self, tenant: Tenant, record: Json) -> None:
        assert record["tenant_id"] == tenant.id

    def test_the_scope_narrows_the_list(self, writer: Api, record: Json, shared: Json) -> None:
        both = f"{record['id']},{shared['id']}"

        def found(**query: str) -> set[str]:
            return {item["id"] for item in writer.items(self.path, id__in=both, **query)}

        assert found(scope="own") == {record["id"]}
        assert found(scope="shared") == {shared["id"]}
        assert found(scope="all") == found() == {record["id"], shared["id"]}

    def test_the_shared_tenants_own_are_the_shared(self, root: Api, shared: Json) -> None:
        for scope in ("own", "shared", "all"):
            assert root.items(self.path, id=shared["id"], scope=scope) == [shared]

    def test_another_scope_is_refused(self, writer: Api) -> None:
        assert "shared" in str(writer.refused(400, "GET", f"{self.path}?scope=mine"))

    def test_pages_go_through_own_and_shared(self, writer: Api, root: Api) -> None:
        word = self.label_text("Mixed")
        labels = [f"{word} {letter}" for letter in "abcde"]
        for number, label in enumerate(labels):
            self.new(root if number % 2 else writer, **{self.label: label})
        query = {f"{self.label}__startswith": word, "sort": self.label, "limit": 2}
        assert [item[self.label] for item in writer.pages(self.path, **query)] == labels

    def test_a_tenants_administrator_does_not_change_a_shared_record(
        self, writer: Api, root: Api, shared: Json
    ) -> None:
        writer.refused(403, "PATCH", self.at(shared), self.change())
        writer.refused(403, "DELETE", self.at(shared))
        assert root.get(self.at(shared)) == shared

    def test_the_root_tenants_administrator_changes_it(self, root: Api, shared: Json) -> None:
        assert root.patch(self.at(shared), self.change())["version"] == 2
        root.delete(self.at(shared))

    def test_a_tenant_may_use_the_name_of_a_shared_record(
        self, writer: Api, other_tenant: Tenant, shared: Json
    ) -> None:
        for admin in (writer, other_tenant.admin):
            own = self.new(admin, **{self.label: shared[self.label]})
            assert own["id"] != shared["id"]
