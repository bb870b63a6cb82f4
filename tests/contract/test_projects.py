"""Projects keep the contract: a catalog that goes to the archive."""

from tests.contract.plain import PlainContract
from tests.contract.verbs.rights import CatalogContract


class TestProjects(CatalogContract, PlainContract):
    path = "/projects"
    lists = ("/me/projects",)
