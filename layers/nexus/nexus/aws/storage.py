"""The store of attachments: forms that upload, links that download, what is there; and the one of
audit events, which is written to. It knows objects by their keys, and nothing of records."""

import hashlib
import os
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import batched
from typing import TYPE_CHECKING, NamedTuple

from nexus.aws.disposition import attachment
from nexus.problems import Unavailable
from nexus.settings import SettingInvalid, settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ListObjectsV2OutputTypeDef

FORM_LIFETIME = timedelta(minutes=15)
LINK_LIFETIME = timedelta(minutes=5)
# Two tries at the most, so that a store that keeps silent leaves a request time to say so.
CONNECT_SECONDS, READ_SECONDS, TRIES = 2, 5, 2
MOST_DELETED = 1000  # by one call
BUSY = (429, 500, 502, 503, 504)


class StorageUnavailable(Unavailable):
    """The store of attachments cannot be reached."""

    def __init__(self) -> None:
        super().__init__("Try again in a few seconds. Nothing was changed.")


class NotKept(Exception):
    """The store has something else than what was written to it."""


@dataclass(frozen=True, slots=True)
class UploadForm:
    """What a browser or curl sends as multipart/form-data, the file behind the fields."""

    url: str
    fields: dict[str, str]
    expires_at: datetime


class Found(NamedTuple):
    size: int
    stored_at: datetime


def upload_form(key: str, content_type: str, size: int, sha256: str | None = None) -> UploadForm:
    """A form that takes this many bytes of this type to this key, with this hash if one is named,
    and no others: the store itself checks. As all that is signed here it ends with the
    credentials that sign, if these end before: a role's are temporary."""
    fields = {"Content-Type": content_type}
    if sha256:
        digest = b64encode(bytes.fromhex(sha256)).decode()
        fields |= {"x-amz-checksum-algorithm": "SHA256", "x-amz-checksum-sha256": digest}
    exactly = [{name: value} for name, value in fields.items()]
    expires_at = datetime.now(UTC) + FORM_LIFETIME
    form = client().generate_presigned_post(
        bucket(),
        key,
        Fields=fields,
        Conditions=[*exactly, ["content-length-range", size, size]],
        ExpiresIn=int(FORM_LIFETIME.total_seconds()),
    )
    return UploadForm(form["url"], form["fields"], expires_at)


def download_url(key: str, filename: str, content_type: str) -> str:
    """A link that saves the object as a file, and never shows it as a page of the store's."""
    return client().generate_presigned_url(
        "get_object",
        Params={
            "Bucket": bucket(),
            "Key": key,
            "ResponseContentDisposition": attachment(filename),
            "ResponseContentType": content_type,
        },
        ExpiresIn=int(LINK_LIFETIME.total_seconds()),
    )


def found(prefix: str) -> dict[str, Found]:
    """The objects whose keys begin so, by one call for each thousand. Raises StorageUnavailable."""
    with _reached():
        pages = client().get_paginator("list_objects_v2").paginate(Bucket=bucket(), Prefix=prefix)
        return {key: one for page in pages for key, one in _contents(page).items()}


def listed(after: str, size: int) -> tuple[dict[str, Found], bool]:
    """The next objects in the order of their keys, up to 1,000, and whether there are more. Raises
    StorageUnavailable."""
    with _reached():
        page = client().list_objects_v2(Bucket=bucket(), StartAfter=after, MaxKeys=size)
    return _contents(page), page["IsTruncated"]


def remove(keys: Sequence[str]) -> None:
    """Deletes the objects; those that are not there are no error. Raises StorageUnavailable."""
    for some in batched(keys, MOST_DELETED, strict=False):
        with _reached():
            answer = client().delete_objects(
                Bucket=bucket(), Delete={"Objects": [{"Key": key} for key in some], "Quiet": True}
            )
        if answer.get("Errors"):
            raise StorageUnavailable


def keep(key: str, content: bytes) -> None:
    """Writes an object to the store of audit events, over another of its key, and reads whether it
    is there. Raises StorageUnavailable, NotKept."""
    digest = b64encode(hashlib.sha256(content).digest()).decode()
    with _reached():
        client().put_object(Bucket=audit_bucket(), Key=key, Body=content, ChecksumSHA256=digest)
    if kept(key) != content:
        raise NotKept(key)


def kept(key: str) -> bytes:
    """An object of the store of audit events. Raises StorageUnavailable."""
    with _reached():
        return client().get_object(Bucket=audit_bucket(), Key=key)["Body"].read()


def audit_bucket() -> str:
    """Raises SettingInvalid."""
    name = settings().audit_bucket
    if name is None:
        raise SettingInvalid("set NEXUS_AUDIT_BUCKET")
    return name


def bucket() -> str:
    """Raises SettingInvalid."""
    name = settings().attachments_bucket
    if name is None:
        raise SettingInvalid("set NEXUS_ATTACHMENTS_BUCKET")
    return name


@lru_cache
def client() -> "S3Client":
    """Made on first use: boto3 costs 0.4 s, and the client as much again."""
    import boto3
    from botocore.config import Config

    # By the region's own name: the global one redirects for the first hours of a bucket, to a host
    # that no link is signed for. An address that AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL names may
    # have no names below it.
    is_elsewhere = any(os.environ.get(f"AWS_ENDPOINT_URL{one}") for one in ("_S3", ""))
    # A session of its own: the common one would keep the first credentials for good.
    return boto3.Session().client(
        "s3",
        region_name=os.environ["AWS_REGION"],
        config=Config(
            signature_version="s3v4",
            s3={
                "addressing_style": "path" if is_elsewhere else "virtual",
                "us_east_1_regional_endpoint": "regional",
            },
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            proxies={},  # the way there is direct
            retries={"mode": "standard", "total_max_attempts": TRIES},
        ),
    )


def _contents(page: "ListObjectsV2OutputTypeDef") -> dict[str, Found]:
    rows = page.get("Contents", ())
    return {row["Key"]: Found(row["Size"], row["LastModified"]) for row in rows}


@contextmanager
def _reached() -> Iterator[None]:
    """What a store that is away or busy is to a caller. What it refuses is a bug, and raised."""
    client()  # or its exceptions would be loaded first
    from botocore import exceptions

    try:
        yield
    except (exceptions.ConnectionError, exceptions.HTTPClientError) as failure:
        raise StorageUnavailable from failure
    except exceptions.ClientError as failure:
        if failure.response["ResponseMetadata"]["HTTPStatusCode"] in BUSY:
            raise StorageUnavailable from failure
        raise
