"""School years keep the contract."""

from tests.contract.plain import PlainContract
from tests.contract.verbs.rights import WRITE


class TestSchoolYears(PlainContract):
    path = "/school-years"
    members_may = WRITE
