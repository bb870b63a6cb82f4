"""Headers: one where one is meant, a tenant that is out of reach, bodies that are compressed."""

import gzip
import json

import pytest

from tests.contract.resource import NOBODYS_ID
from tests.support.api import Api, anonymous
from tests.support.people import Tenant, unique

JSON = ("Content-Type", "application/json")


def twice(caller: Api, method: str, path: str, header: str, *values: str) -> dict[str, str]:
    """The problem with a request that has a header in two lines."""
    own = [(n, str(v)) for n, v in caller.credentials().items() if n != header]
    headers = [*own, *([JSON] if header != JSON[0] else []), *((header, v) for v in values)]
    content = None if method == "GET" else json.dumps({"name": unique("Twice")}).encode()
    answer = caller.http.request(method, path, headers=headers, content=content)
    assert answer.status_code == 400, answer.text
    problem: dict[str, str] = answer.json()
    return problem


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("is_same", [True, False])
@pytest.mark.parametrize("header", ["Authorization", "X-Tenant-Id"])
def test_a_header_that_is_meant_once_is_given_once(
    tenant: Tenant, method: str, header: str, is_same: bool
) -> None:
    value = str(tenant.admin.credentials()[header])
    other = value if is_same else {"Authorization": "Bearer x"}.get(header, NOBODYS_ID)
    for values in ((value, other), (other, value)):
        assert header in twice(tenant.admin, method, "/groups", header, *values)["detail"]


@pytest.mark.parametrize(
    ("header", "values"),
    [("Idempotency-Key", ("a", "b")), ("Content-Type", ("application/json", "text/plain"))],
)
def test_so_are_those_of_writes(tenant: Tenant, header: str, values: tuple[str, str]) -> None:
    for given in (values, values[::-1]):
        assert header in twice(tenant.admin, "POST", "/groups", header, *given)["detail"]


def test_tags_may_come_in_two_lines(tenant: Tenant) -> None:
    group = tenant.new_group()
    headers = [*tenant.admin.credentials().items(), ("If-Match", '"7"'), ("If-Match", '"1"')]
    path = f"/groups/{group['id']}"
    answer = tenant.admin.http.patch(path, headers=headers, json={"description": "two"})  # type: ignore[arg-type]
    assert answer.status_code == 200
    known = [
        *tenant.admin.credentials().items(),
        ("If-None-Match", '"7"'),
        ("If-None-Match", '"2"'),
    ]
    assert tenant.admin.http.get(path, headers=known).status_code == 304  # type: ignore[arg-type]


@pytest.mark.parametrize("encoding", ["gzip", "br", "gzip, identity", "x"])
def test_a_compressed_body_is_not_read(tenant: Tenant, encoding: str) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": encoding}
    content = gzip.compress(json.dumps({"name": unique("Small")}).encode())
    answer = tenant.admin.expect(415, "POST", "/groups", content=content, headers=headers)
    assert "Content-Encoding" in answer.json()["detail"]
    assert answer.headers["accept-encoding"] == "identity"


def test_identity_is_no_encoding(tenant: Tenant) -> None:
    tenant.admin.post(
        "/groups", {"name": unique("As is")}, headers={"Content-Encoding": "Identity"}
    )


@pytest.mark.parametrize("path", ["/groups", f"/groups/{NOBODYS_ID}", "/me/current-tenant"])
def test_a_wrong_tenant_is_told_as_such(tenant: Tenant, other_tenant: Tenant, path: str) -> None:
    wrong = [
        tenant.admin.within(id_).refused(404, "GET", path)
        for id_ in (other_tenant.id, NOBODYS_ID, "x")
    ]
    assert "X-Tenant-Id" in wrong[0]["detail"]
    assert len({anonymous(problem) for problem in wrong}) == 1
    written = tenant.admin.within(other_tenant.id).refused(404, "POST", "/groups", {"name": "x"})
    assert "X-Tenant-Id" in written["detail"]


def test_a_tenant_in_the_path_is_a_record_like_others(tenant: Tenant, other_tenant: Tenant) -> None:
    problem = tenant.admin.refused(404, "GET", f"/tenants/{other_tenant.id}")
    assert "X-Tenant-Id" not in problem["detail"]
