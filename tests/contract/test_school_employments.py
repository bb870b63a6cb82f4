"""Employments keep the contract."""

from tests.contract.plain import ResourceContract
from tests.contract.verbs.rights import WRITE, RightsContract


class TestEmployments(ResourceContract, RightsContract):
    path = "/school-employments"
    label = "title"
    steps = {
        "/terminate": ("/hire",),
        "/retire": ("/hire",),
        "/reactivate": ("/hire", "/retire"),
    }
    bound = frozenset({"end_reason"})
    members_may = WRITE
