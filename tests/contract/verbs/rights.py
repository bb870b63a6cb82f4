"""Who may do what with a tenant's records, and that without a tenant there are none."""

from typing import ClassVar

from tests.contract.resource import Resource
from tests.contract.verbs.getting import ItemContract
from tests.support.api import Api, Json, slug
from tests.support.documented import PATHS
from tests.support.people import Tenant, World

READ = frozenset({"GET"})
WRITE = READ | {"POST", "PATCH"}
WRITE_AND_DELETE = WRITE | {"DELETE"}


class RightsContract(ItemContract):
    """`members_may` has the methods that are open to members; administrators do it all."""

    members_may: ClassVar[frozenset[str]] = READ

    def test_a_member_reads(self, tenant: Tenant, record: Json) -> None:
        if "GET" in self.members_may:
            assert tenant.member.items(self.here, id=record["id"]) == [record]
        else:
            tenant.member.refused(403, "GET", self.here)

    def test_a_member_creates(self, tenant: Tenant, writer: Api) -> None:
        if "post" in PATHS[self.path]:
            status = 201 if "POST" in self.members_may else 403
            tenant.member.expect(status, "POST", self.here, json=self.body(writer))

    def test_a_member_changes_and_deletes(self, tenant: Tenant, writer: Api) -> None:
        for method, below in self.operations():
            fresh = self.new(writer)
            for step in self.steps.get(below, ()):
                writer.act(self.at(fresh) + step)
            told = PATHS[self.item_path() + below][method.lower()]["responses"]
            allowed = min(int(status) for status in told)
            status = allowed if method in self.members_may else 403
            tenant.member.expect(status, method, self.at(fresh) + below, **self.sent(method))
            if status == 403:
                assert self.found(writer, [fresh]) == [fresh["id"]]
                assert fresh in writer.items(self.here, id=fresh["id"])

    def test_a_root_administrator_writes_in_every_tenant(
        self, tenant: Tenant, root: Api, writer: Api
    ) -> None:
        if "post" in PATHS[self.path]:
            made = root.within(tenant.id).post(self.here, self.body(writer))
            assert writer.items(self.here, id=made["id"]) == [self.told_later(made)]

    def test_a_user_of_no_tenant_has_none_selected(self, world: World) -> None:
        nobody = world.sign_up()
        for method in PATHS[self.path]:
            sent: Json = {"json": {}} if method == "post" else {}
            status = nobody.send(method, self.here, **sent).status_code
            assert status in {409, 422}
        assert slug(nobody.refused(409, "GET", self.here)) == "no-tenant-selected"


class CatalogContract(Resource):
    """The root tenant's records are everybody's to see and its administrators' to change."""

    def test_a_shared_record_is_seen_by_every_tenant(
        self, tenant: Tenant, other_tenant: Tenant, root: Api
    ) -> None:
        shared = self.new(root)
        assert shared["tenant_id"] == root.tenant_id
        for reader in (tenant.admin, tenant.member, other_tenant.admin):
            assert reader.get(self.at(shared)) == shared
            assert reader.items(self.here, id=shared["id"]) == [shared]

    def test_the_scope_narrows_the_list(self, writer: Api, root: Api, record: Json) -> None:
        shared = self.new(root)
        own_id, shared_id = record["id"], shared["id"]
        for scope, expected in (
            ({"scope": "own"}, {own_id}),
            ({"scope": "shared"}, {shared_id}),
            ({"scope": "all"}, {own_id, shared_id}),
            ({}, {own_id, shared_id}),
        ):
            assert set(self.found(writer, [record, shared], **scope)) == expected
            assert self.found(root, [shared], **scope) == [shared_id]
        assert "shared" in str(writer.refused(400, "GET", f"{self.here}?scope=mine"))

    def test_pages_go_through_own_and_shared(self, writer: Api, root: Api) -> None:
        word = self.label_text("Mixed")
        labels = [f"{word} {letter}" for letter in "abcde"]
        for number, label in enumerate(labels):
            self.new(root if number % 2 else writer, **{self.label: label})
        query = {f"{self.label}__startswith": word, "sort": self.label, "limit": 2}
        assert [item[self.label] for item in writer.pages(self.here, **query)] == labels

    def test_the_root_tenants_administrators_alone_change_it(self, writer: Api, root: Api) -> None:
        shared = self.new(root)
        writer.refused(403, "PATCH", self.at(shared), self.change())
        writer.refused(403, "DELETE", self.at(shared))
        assert root.get(self.at(shared)) == shared
        assert root.patch(self.at(shared), self.change())["version"] == shared["version"] + 1
        root.delete(self.at(shared))

    def test_a_tenant_may_use_the_name_of_a_shared_record(self, writer: Api, root: Api) -> None:
        shared = self.new(root)
        assert self.new(writer, **{self.label: shared[self.label]})["id"] != shared["id"]
