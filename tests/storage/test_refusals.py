"""What a form or a link was not signed for is refused. Asked of the local store: moto takes it."""

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from types import MappingProxyType
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from botocore.exceptions import ClientError

from local.store import signatures
from local.store.process import Store
from local.store.refusals import Refusal
from local.store.signatures import Signatures
from nexus.aws import storage
from tests.support.stack import kernel
from tests.support.uploads import PATIENCE, PNG, form, post, refusal, stored

pytestmark = pytest.mark.usefixtures("strict_store")

UNCHANGED: Mapping[str, str] = MappingProxyType({})


def sent(key: str, content: bytes = PNG, changed: Mapping[str, str] = UNCHANGED) -> tuple[int, str]:
    """What the store says to an upload with other fields, and that it has not kept it."""
    made = form(key, is_hashed=True)
    answer = post(made.url, made.fields | dict(changed), content)
    assert not storage.found(key)
    return refusal(answer)


@pytest.mark.parametrize(
    ("content", "code"), [(PNG + b"!", "EntityTooLarge"), (PNG[:-1], "EntityTooSmall")]
)
def test_another_size_is_refused(content: bytes, code: str) -> None:
    assert sent("size/a", content) == (400, code)


def test_another_content_than_was_stated_is_refused() -> None:
    assert sent("hash/a", PNG[::-1]) == (400, "BadDigest")


@pytest.mark.parametrize(
    "changed",
    [
        {"Content-Type": "text/html"},
        {"key": "other/tenants"},
        {"key": "../secret"},
        {"x-amz-checksum-sha256": b64encode(sha256(b"").digest()).decode()},
        {"x-amz-date": "20200101T000000Z"},
        {"acl": "public-read"},
        {"success_action_redirect": "https://evil.example"},
        {"x-amz-meta-more": "1"},
    ],
    ids=str,
)
def test_another_field_than_was_signed_is_refused(changed: dict[str, str]) -> None:
    status, code = sent("field/a", changed=changed)
    assert (status, code in ("AccessDenied", "SignatureDoesNotMatch")) == (403, True), code
    assert not storage.found("other/")


@pytest.mark.parametrize("left_out", ["Content-Type", "key", "policy", "x-amz-signature"])
def test_a_field_that_is_missing_is_refused(left_out: str) -> None:
    made = form("missing/a")
    fields = {name: value for name, value in made.fields.items() if name != left_out}
    assert refusal(post(made.url, fields, PNG))[0] in (400, 403)
    assert not storage.found("missing/")


def test_a_policy_of_ones_own_is_refused() -> None:
    policy = {"expiration": "2099-01-01T00:00:00Z", "conditions": []}
    mine = b64encode(json.dumps(policy).encode()).decode()
    assert sent("own/a", changed={"policy": mine}) == (403, "SignatureDoesNotMatch")


def test_a_form_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "FORM_LIFETIME", timedelta(seconds=-1))
    assert sent("late/a") == (403, "AccessDenied")


def test_a_link_ends(local_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    url = urlsplit(storage.download_url("ended/a", "a", "text/plain"))
    check = Signatures(local_store.variables()["AWS_SECRET_ACCESS_KEY"]).check_link
    asked = (url.netloc, url.path, dict(parse_qsl(url.query)))
    check(*asked)
    monkeypatch.setattr(signatures, "now", lambda: datetime.now(UTC) + storage.LINK_LIFETIME)
    with pytest.raises(Refusal, match="expired"):
        check(*asked)


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        ("/link/a?", "/link/b?"),
        ("attachment%3B", "inline%3B"),
        ("text%2Fplain", "text%2Fhtml"),
        ("Expires=300", "Expires=604800"),
        ("X-Amz-Credential=local", "X-Amz-Credential=other"),
        ("SignedHeaders=host", "SignedHeaders="),
    ],
)
def test_a_link_to_something_else_is_refused(said: str, instead: str) -> None:
    stored("link/a")
    stored("link/b")
    link = storage.download_url("link/a", "a", "text/plain")
    assert said in link
    assert requests.get(link.replace(said, instead), timeout=PATIENCE).status_code == 403


def test_nobody_lists_writes_or_deletes_without_a_signature() -> None:
    stored("unsigned/a")
    url = form("unsigned/a").url
    assert refusal(requests.get(f"{url}?list-type=2", timeout=PATIENCE)) == (403, "AccessDenied")
    body = "<Delete><Object><Key>unsigned/a</Key></Object></Delete>"
    deleted = requests.post(f"{url}?delete=", data=body, timeout=PATIENCE)
    assert refusal(deleted) == (403, "AccessDenied")
    assert requests.get(f"{url}/unsigned/a", timeout=PATIENCE).status_code == 403
    written = requests.put(f"{url}/unsigned/a", data=b"mine", timeout=PATIENCE)
    assert refusal(written) == (403, "AccessDenied")
    assert storage.found("unsigned/")


def test_another_secret_signs_nothing() -> None:
    with kernel(AWS_SECRET_ACCESS_KEY="guessed"):
        made = form("guessed/a")
        assert refusal(post(made.url, made.fields, PNG)) == (403, "SignatureDoesNotMatch")
        link = storage.download_url("guessed/a", "a", "text/plain")
        assert refusal(requests.get(link, timeout=PATIENCE)) == (403, "SignatureDoesNotMatch")
        with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
            storage.found("guessed/")
        with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
            storage.remove(["guessed/a"])
        with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
            storage.keep("guessed/a", b"mine")
