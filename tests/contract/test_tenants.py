"""Tenants keep the contract, but for their names: unique over all, archived or not."""

from tests.contract.archiving import ArchiveContract
from tests.contract.patching import ClearableContract
from tests.contract.plain import CrudContract


class TestTenants(ClearableContract, CrudContract, ArchiveContract):
    path = "/tenants"
    optional = "description"
    long_text = "description"
