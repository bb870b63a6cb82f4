"""Who may write: members what modules keep, administrators what they manage."""

from tests.contract.resource import Resource
from tests.support.api import Api, Json
from tests.support.people import Tenant, World


class MembersWriteContract(Resource):
    """What a module keeps: members write it, administrators delete it."""

    def test_a_member_writes(self, tenant: Tenant, record: Json) -> None:
        made = self.new(tenant.member)
        assert tenant.member.get(self.at(made)) == made
        assert tenant.member.patch(self.at(record), self.change())["version"] == 2

    def test_a_member_does_not_delete(self, tenant: Tenant, record: Json) -> None:
        tenant.member.refused(403, "DELETE", self.at(record))
        assert tenant.admin.get(self.at(record)) == record


class AdministratorsWriteContract(Resource):
    def test_a_member_reads(self, tenant: Tenant, record: Json) -> None:
        assert tenant.member.get(self.at(record)) == record
        assert tenant.member.items(self.path, id=record["id"]) == [record]

    def test_a_member_does_not_write(self, tenant: Tenant, writer: Api, record: Json) -> None:
        member = tenant.member
        member.refused(403, "POST", self.path, self.body(self.label_text("Denied")))
        member.refused(403, "PATCH", self.at(record), self.change())
        member.refused(403, "DELETE", self.at(record))
        assert writer.get(self.at(record)) == record

    def test_a_root_administrator_writes_in_every_tenant(
        self, tenant: Tenant, root: Api, record: Json
    ) -> None:
        assert root.within(tenant.id).patch(self.at(record), self.change())["version"] == 2
        made = self.new(root.within(tenant.id))
        assert made["tenant_id"] == tenant.id

    def test_two_tenants_may_use_one_name(self, other_tenant: Tenant, record: Json) -> None:
        theirs = self.new(other_tenant.admin, **{self.label: record[self.label]})
        assert theirs["tenant_id"] == other_tenant.id

    def test_a_user_of_no_tenant_has_none_selected(self, world: World) -> None:
        problem = world.sign_up().refused(409, "GET", self.path)
        assert problem["type"].endswith("/no-tenant-selected")


class ArchivedByAdministratorsContract(Resource):
    def test_a_member_does_not_archive(self, tenant: Tenant, record: Json) -> None:
        for action in ("archive", "restore"):
            tenant.member.refused(403, "POST", f"{self.at(record)}/{action}")

    def test_a_foreign_record_is_not_archived(self, other_tenant: Tenant, record: Json) -> None:
        for action in ("archive", "restore"):
            other_tenant.admin.refused(404, "POST", f"{self.at(record)}/{action}")
