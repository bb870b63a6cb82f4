"""Configuration items keep the contract."""

from tests.contract.patching import ClearableContract
from tests.contract.plain import ArchivableContract, CrudContract


class TestConfigurationItems(ClearableContract, CrudContract, ArchivableContract):
    path = "/configuration-items"
    optional = "description"
    long_text = "description"
