"""Tenants keep the contract; whose they are is not the selected tenant's to say."""

from tests.contract.archiving import FreedNameContract
from tests.contract.patching import ClearableContract
from tests.contract.plain import CrudContract


class TestTenants(ClearableContract, CrudContract, FreedNameContract):
    path = "/tenants"
    optional = "description"
    long_text = "description"
