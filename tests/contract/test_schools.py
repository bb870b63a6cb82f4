"""Schools keep the contract."""

from tests.contract.plain import PlainContract
from tests.contract.verbs.rights import WRITE


class TestSchools(PlainContract):
    path = "/schools"
    references = {"location_id__within": "location_id"}
    members_may = WRITE
