"""Sessions keep the contract: signing in makes them, and they are the caller's alone."""

from tests.contract.verbs.deleting import DeleteContract
from tests.contract.verbs.listing import ListContract


class TestSessions(ListContract, DeleteContract):
    path = "/me/sessions"
