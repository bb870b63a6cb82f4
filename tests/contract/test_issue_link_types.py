"""Issue link types keep the contract: a catalog."""

from tests.contract.plain import PlainCatalogContract


class TestIssueLinkTypes(PlainCatalogContract):
    path = "/issue-link-types"
