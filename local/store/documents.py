"""The XML that S3 and its clients send each other."""

from collections.abc import Iterable
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from local.store.objects import Listed

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


def listed(bucket: str, objects: list[Listed], *, is_truncated: bool) -> bytes:
    """The answer to ListObjectsV2. What follows is asked for by the last key."""
    root = _root("ListBucketResult")
    is_more = str(is_truncated).lower()
    for name, value in (("Name", bucket), ("KeyCount", len(objects)), ("IsTruncated", is_more)):
        ET.SubElement(root, name).text = str(value)
    for key, size, stored_at in objects:
        contents = ET.SubElement(root, "Contents")
        moment = datetime.fromtimestamp(stored_at, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        for name, value in (("Key", key), ("Size", size), ("LastModified", moment)):
            ET.SubElement(contents, name).text = str(value)
    return ET.tostring(root)


def keys(body: bytes) -> Iterable[str]:
    """Which objects DeleteObjects names. Raises ValueError."""
    try:
        root = ET.fromstring(body)  # noqa: S314 - signed by the API itself
    except ET.ParseError as failure:
        raise ValueError("no XML") from failure
    return [one.text or "" for one in root.iter(f"{{{NAMESPACE}}}Key")]


def deleted() -> bytes:
    """The answer to a DeleteObjects that wants to hear of failures only."""
    return ET.tostring(_root("DeleteResult"))


def refused(code: str, message: str) -> bytes:
    """An error, which has no namespace."""
    root = ET.Element("Error")
    for name, value in (("Code", code), ("Message", message)):
        ET.SubElement(root, name).text = value
    return ET.tostring(root)


def _root(name: str) -> ET.Element:
    return ET.Element(name, xmlns=NAMESPACE)
