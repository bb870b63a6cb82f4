"""The token that signs in to RDS Proxy is the one that boto3 makes."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest

from nexus.aws import snapshot
from nexus.db import iam
from tests.support.stack import kernel

ADDRESS, USER, REGION = "proxy.example.org:5432", "nexus_app", "eu-north-1"


@pytest.fixture(autouse=True)
def role(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "a secret/that+is none")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "a token/of+a role=")
    iam.session.cache_clear()
    with kernel(NEXUS_DATABASE_URL="postgresql://nowhere/none", NEXUS_DATABASE_IAM="1"):
        yield
    iam.session.cache_clear()


def parts(token: str) -> dict[str, list[str]]:
    link = urlsplit(f"https://{token}")
    return {"at": [link.netloc, link.path], **parse_qs(link.query)}


def test_it_is_the_token_of_boto3() -> None:
    host, port = ADDRESS.split(":")
    rds = boto3.client("rds", region_name=REGION)
    theirs = ours = {"X-Amz-Date": [""]}
    while ours["X-Amz-Date"] != theirs["X-Amz-Date"] or ours["X-Amz-Date"] == [""]:
        theirs = parts(rds.generate_db_auth_token(host, int(port), USER))
        ours = parts(iam.token(ADDRESS, USER, REGION))
    assert ours == theirs
    assert ours["X-Amz-Expires"] == ["900"]


def test_each_token_is_of_its_own_user() -> None:
    tokens = [parts(iam.token(ADDRESS, user, REGION)) for user in (USER, "nexus_housekeeping")]
    assert tokens[0]["X-Amz-Signature"] != tokens[1]["X-Amz-Signature"]


def test_what_signs_is_in_a_snapshot_and_credentials_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    iam.token(ADDRESS, USER, REGION)
    snapshot.forget_credentials()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDOTHER")
    assert "AKIDOTHER" in iam.token(ADDRESS, USER, REGION)
