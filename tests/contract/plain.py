"""The contracts put together: a resource's test class inherits what fits it."""

from tests.contract.kernel.bodies import BodyContract, TextContract, UnencodableTextContract
from tests.contract.kernel.filters import FilterContract, SearchContract, TimeContract
from tests.contract.kernel.idempotency import IdempotencyContract
from tests.contract.kernel.paging import PagingContract, SortContract
from tests.contract.kernel.tags import TagContract
from tests.contract.verbs.archiving import ArchiveContract
from tests.contract.verbs.creating import CreateContract
from tests.contract.verbs.deleting import DeleteContract
from tests.contract.verbs.getting import GetContract
from tests.contract.verbs.listing import ListContract
from tests.contract.verbs.names import FreedNameContract, UniqueContract
from tests.contract.verbs.parts import PartContract
from tests.contract.verbs.rights import CatalogContract, RightsContract
from tests.contract.verbs.updating import UpdateContract


class KernelContract(
    BodyContract,
    TextContract,
    UnencodableTextContract,
    TagContract,
    IdempotencyContract,
    FilterContract,
    TimeContract,
    SearchContract,
    SortContract,
    PagingContract,
):
    """What depends on the kernel alone."""


class ResourceContract(ListContract, GetContract, CreateContract, UpdateContract, DeleteContract):
    """The five verbs."""


class PlainContract(
    ResourceContract, UniqueContract, ArchiveContract, FreedNameContract, RightsContract
):
    """A tenant's own records, each with a name, which go to the archive."""


class PlainCatalogContract(ResourceContract, UniqueContract, CatalogContract, RightsContract):
    """A catalog of names that administrators manage."""


class PlainPartContract(ResourceContract, PartContract, RightsContract):
    """Parts that go with their whole."""
