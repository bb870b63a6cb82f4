"""Groups keep the contract."""

from tests.contract.patching import ClearableContract
from tests.contract.plain import ManagedContract


class TestGroups(ClearableContract, ManagedContract):
    path = "/groups"
    optional = "description"
    long_text = "description"
