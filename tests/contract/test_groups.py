"""Groups: a plain resource, with what the kernel does for all."""

from tests.contract.kernel.idempotency import KeyedActionContract
from tests.contract.plain import KernelContract, PlainContract


class TestGroups(KernelContract, KeyedActionContract, PlainContract):
    path = "/groups"
    lists = (
        "/me/groups",
        "/projects/{project_id}/groups",
        "/tenants/{tenant_id}/groups",
        "/users/{user_id}/groups",
    )
