"""Tenants keep the contract; whose they are is not the selected tenant's to say."""

from tests.contract.plain import ResourceContract
from tests.contract.verbs.archiving import ArchiveContract
from tests.contract.verbs.names import FreedNameContract, UniqueContract
from tests.support.api import Api, Json


class TestTenants(ResourceContract, UniqueContract, ArchiveContract, FreedNameContract):
    path = "/tenants"
    lists = ("/me/tenants",)
    is_unique_over_all = True

    def test_a_slug_is_looked_for_in_any_case(self, writer: Api, record: Json) -> None:
        for asked in (record["slug"], f" {record['slug'].upper()} "):
            assert self.found(writer, [record], slug=asked) == [record["id"]]
