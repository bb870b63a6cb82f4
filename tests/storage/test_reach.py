"""Where the store is, and what happens when it is not there."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from local.ports import HOST, free_port
from local.store.process import Store
from nexus.aws import storage
from nexus.aws.storage import StorageUnavailable
from nexus.settings import SettingInvalid
from tests.storage.conftest import NO_STORE
from tests.support.stack import kernel

KEYS = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "NEXUS_ATTACHMENTS_BUCKET": "files"}


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
def test_in_aws_forms_and_links_name_the_region(region: str) -> None:
    """The global name redirects to it, where a link is not signed for."""
    with kernel(**NO_STORE | KEYS | {"AWS_REGION": region}):
        form = storage.upload_form("a", "text/plain", 1)
        assert form.url == f"https://files.s3.{region}.amazonaws.com/"
        assert storage.download_url("a", "a", "text/plain").startswith(f"{form.url}a?")


def test_a_roles_form_and_link_carry_its_token() -> None:
    with kernel(**NO_STORE | KEYS | {"AWS_SESSION_TOKEN": "t"}):
        assert storage.upload_form("a", "text/plain", 1).fields["x-amz-security-token"] == "t"
        assert "X-Amz-Security-Token=t" in storage.download_url("a", "a", "text/plain")


def test_without_a_bucket_it_is_said_what_to_set() -> None:
    with kernel(**NO_STORE), pytest.raises(SettingInvalid, match="NEXUS_ATTACHMENTS_BUCKET"):
        storage.upload_form("a", "text/plain", 1)


@contextmanager
def at(port: int) -> Iterator[None]:
    with kernel(**NO_STORE | KEYS | {"AWS_ENDPOINT_URL_S3": f"http://{HOST}:{port}"}):
        yield


def test_no_proxy_is_asked(local_store: Store) -> None:
    nobody = f"http://{HOST}:{free_port()}"
    with kernel(**NO_STORE | local_store.variables(), http_proxy=nobody, no_proxy=""):
        assert storage.found("none/") == {}


def test_a_store_that_is_away_is_unavailable() -> None:
    with at(free_port()):
        with pytest.raises(StorageUnavailable):
            storage.found("a/")
        with pytest.raises(StorageUnavailable):
            storage.remove(["a/b"])


def test_a_store_that_keeps_silent_does_not_hold_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (storage.CONNECT_SECONDS + storage.READ_SECONDS) * storage.TRIES < 15
    monkeypatch.setattr(storage, "READ_SECONDS", 0.1)
    with socket.socket() as silent:
        silent.bind((HOST, 0))
        silent.listen()
        with at(silent.getsockname()[1]):
            began = time.monotonic()
            with pytest.raises(StorageUnavailable):
                storage.found("a/")
            assert time.monotonic() - began < 5
