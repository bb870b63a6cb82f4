"""The stores that the API's storage is tried on."""

from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from local.store.process import Store
from nexus.aws import storage
from tests.support.stack import NOWHERE, kernel

NO_STORE = {"NEXUS_DATABASE_URL": NOWHERE, "AWS_REGION": "eu-west-1"}


@pytest.fixture(params=["local", "moto"], scope="module")
def either_store(request: pytest.FixtureRequest, local_store: Store) -> Iterator[None]:
    if request.param == "local":
        with kernel(**NO_STORE | local_store.variables()):
            yield
        return
    names = {"NEXUS_ATTACHMENTS_BUCKET": "attachments", "NEXUS_AUDIT_BUCKET": "audit-events"}
    with mock_aws(), kernel(**NO_STORE, **names):
        where: Any = {"LocationConstraint": NO_STORE["AWS_REGION"]}
        for name in names.values():
            storage.client().create_bucket(Bucket=name, CreateBucketConfiguration=where)
        yield


@pytest.fixture(scope="module")
def strict_store(local_store: Store) -> Iterator[None]:
    with kernel(**NO_STORE | local_store.variables()):
        yield
