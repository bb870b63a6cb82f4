"""Configuration items keep the contract."""

from tests.contract.plain import PlainContract
from tests.contract.verbs.rights import WRITE


class TestConfigurationItems(PlainContract):
    path = "/configuration-items"
    members_may = WRITE
