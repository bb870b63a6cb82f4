"""Forms, links and lists: what goes in comes out, by every store."""

from datetime import UTC, datetime, timedelta

import pytest
import requests

from nexus.aws import storage
from nexus.aws.disposition import attachment
from tests.storage.names import ODD
from tests.support.uploads import PATIENCE, PNG, form, post, stored

pytestmark = pytest.mark.usefixtures("either_store")


@pytest.mark.parametrize("is_hashed", [False, True])
def test_what_a_form_takes_is_found_and_comes_back(is_hashed: bool) -> None:
    key = f"right/{is_hashed}/a"
    made = form(key, is_hashed=is_hashed)
    before = datetime.now(UTC) - timedelta(seconds=1)
    assert timedelta(minutes=14) < made.expires_at - before < timedelta(minutes=16)
    assert storage.found(f"right/{is_hashed}/") == {}
    answer = post(made.url, made.fields, PNG)
    assert (answer.status_code, answer.content) == (204, b"")
    ((found_key, found),) = storage.found(f"right/{is_hashed}/").items()
    assert (found_key, found.size) == (key, len(PNG))
    assert before - timedelta(seconds=1) <= found.stored_at <= datetime.now(UTC)
    loaded = requests.get(storage.download_url(key, "x.png", "image/png"), timeout=PATIENCE)
    assert loaded.content == PNG


@pytest.mark.parametrize("filename", ODD.values(), ids=ODD)
def test_a_download_is_saved_under_a_name_and_never_shown(filename: str) -> None:
    stored("named/a")
    answer = requests.get(storage.download_url("named/a", filename, "text/html"), timeout=PATIENCE)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"] == attachment(filename)
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["content-type"].startswith("text/html")
    assert "set-cookie" not in answer.headers


def test_only_what_begins_with_the_prefix_is_found() -> None:
    for key in ("prefix/1/a", "prefix/1/b", "prefix/10/a", "prefix/2/a"):
        stored(key, key.encode())
    assert storage.found("prefix/1/").keys() == {"prefix/1/a", "prefix/1/b"}


def test_what_is_removed_is_gone_and_may_be_removed_again() -> None:
    stored("gone/a")
    stored("gone/b")
    storage.remove(["gone/a", "gone/never"])
    storage.remove(["gone/a"])
    storage.remove([])
    assert storage.found("gone/").keys() == {"gone/b"}
    link = storage.download_url("gone/a", "a", "text/plain")
    assert requests.get(link, timeout=PATIENCE).status_code in (403, 404)


def test_what_is_kept_is_read_again_and_may_be_written_over() -> None:
    for content in (b"one\r\n" * 200_000, b"", b"two"):
        storage.keep("kept/2026-11/a.ndjson.gz", content)
        assert storage.kept("kept/2026-11/a.ndjson.gz") == content


def test_what_is_kept_is_apart_from_attachments() -> None:
    storage.keep("apart/a", b"an event")
    stored("apart/b")
    assert storage.found("apart/").keys() == {"apart/b"}
    link = storage.download_url("apart/a", "a", "text/plain")
    assert requests.get(link, timeout=PATIENCE).status_code in (403, 404)
