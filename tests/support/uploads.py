"""Uploads by a form, as a browser sends them. By `requests`, which moto listens to."""

from collections.abc import Mapping
from hashlib import sha256
from xml.etree import ElementTree as ET

import requests

from nexus.aws import storage
from nexus.aws.storage import UploadForm

PATIENCE = 30
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 300  # over several reads, line ends in it


def post(url: str, fields: Mapping[str, str], content: bytes) -> requests.Response:
    """The form with the file behind it."""
    files = {"file": ("C:\\fakepath\\x", content)}
    return requests.post(url, data=fields, files=files, timeout=PATIENCE)


def form(key: str, content: bytes = PNG, *, is_hashed: bool = False) -> UploadForm:
    digest = sha256(content).hexdigest() if is_hashed else None
    return storage.upload_form(key, "image/png", len(content), digest)


def stored(key: str, content: bytes = PNG) -> None:
    made = form(key, content)
    assert post(made.url, made.fields, content).status_code == 204


def refusal(answer: requests.Response) -> tuple[int, str]:
    """The status, and the code in the store's document."""
    return answer.status_code, ET.fromstring(answer.text).findtext("Code") or ""  # noqa: S314
