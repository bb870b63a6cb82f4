"""The contracts put together: a resource's test class inherits the ones that fit it."""

from tests.contract.archiving import FreedNameContract
from tests.contract.catalogs import CatalogContract
from tests.contract.idempotency import IdempotencyContract, KeyedActionContract
from tests.contract.listing import SearchContract
from tests.contract.paging import PagingContract
from tests.contract.patching import PatchContract
from tests.contract.reading import ReadContract
from tests.contract.rights import AdministratorsWriteContract, ArchivedByAdministratorsContract
from tests.contract.writing import NameContract, UnencodableTextContract, WriteContract


class CrudContract(
    ReadContract,
    WriteContract,
    NameContract,
    UnencodableTextContract,
    PatchContract,
    PagingContract,
    SearchContract,
    IdempotencyContract,
):
    """The verbs that every resource with a name has."""


class ArchivableContract(FreedNameContract, KeyedActionContract):
    """Archive and restore."""


class PlainCatalogContract(CrudContract, CatalogContract, AdministratorsWriteContract):
    """A catalog of names that administrators manage."""


class ManagedContract(
    CrudContract,
    ArchivableContract,
    AdministratorsWriteContract,
    ArchivedByAdministratorsContract,
):
    """A tenant's own archivable records that administrators manage."""
