"""The store of `make run` as a process: what it keeps, what it lets go, and who may look."""

import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import cast

import psutil
import pytest
import requests

from local.ports import HOST
from local.store import process
from local.store.process import Store, StoreFailed
from nexus.aws import storage
from nexus.aws.storage import UploadForm
from tests.storage.conftest import NO_STORE
from tests.support.stack import PYTHON_PATH, REPOSITORY, kernel
from tests.support.uploads import PATIENCE, PNG, form, post, stored

MEBIBYTE = b"0123456789abcdef" * 65_536
ORIGIN = {"Origin": "http://localhost:3000"}


@contextmanager
def running(folder: Path) -> Iterator[Store]:
    with Store(folder) as store, kernel(**NO_STORE | store.variables()):
        yield store


def kill(store: Store) -> None:
    process = psutil.Process(store.pid)
    process.kill()
    process.wait(PATIENCE)


def test_what_was_uploaded_and_its_links_outlive_a_restart(tmp_path: Path) -> None:
    with running(tmp_path):
        stored("kept/a")
        link = storage.download_url("kept/a", "a", "text/plain")
    with running(tmp_path):
        assert requests.get(link, timeout=PATIENCE).content == PNG
        assert storage.found("kept/").keys() == {"kept/a"}


def test_all_is_for_its_owner_only(tmp_path: Path) -> None:
    with running(tmp_path / "store") as store:
        stored("private/a")
        shown = psutil.Process(store.pid)
        secret = store.variables()["AWS_SECRET_ACCESS_KEY"]
        assert secret not in str((shown.cmdline(), shown.environ()))
        modes = {
            stat.S_IMODE(one.stat().st_mode) for one in store.folder.rglob("*") if one.is_file()
        }
        assert modes == {0o600}
        assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700


def request_of(made: UploadForm, content: bytes) -> tuple[str, dict[str, str], bytes]:
    """An upload as it goes over the wire: path, headers, body."""
    asked = requests.Request("POST", made.url, data=made.fields, files={"file": ("a", content)})
    prepared = asked.prepare()
    headers = cast("dict[str, str]", dict(prepared.headers))
    return prepared.path_url, headers, cast("bytes", prepared.body)


@pytest.mark.usefixtures("strict_store")
def test_an_upload_that_breaks_off_leaves_nothing(local_store: Store) -> None:
    path, headers, body = request_of(form("half/a"), PNG)
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with socket.create_connection((HOST, local_store.port)) as wire:
        wire.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\n{head}\r\n".encode())
        wire.sendall(body[: len(body) // 2])
        wire.shutdown(socket.SHUT_WR)
        assert b"MalformedPOSTRequest" in wire.makefile("rb").read()
    assert not storage.found("half/")
    assert not list((local_store.folder / "incoming").iterdir())


def test_what_a_killed_store_left_is_gone(tmp_path: Path) -> None:
    (tmp_path / "incoming").mkdir()
    (tmp_path / "incoming" / "half").touch()
    with running(tmp_path):
        assert storage.found("") == {}
        assert not list((tmp_path / "incoming").iterdir())


def test_one_that_dies_is_followed_by_another_on_the_same_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "EARLY_SECONDS", 0)
    with running(tmp_path) as store:
        stored("kept/a")
        kill(store)
        store.revive()
        assert storage.found("kept/")


def test_one_that_dies_at_once_is_not_followed(tmp_path: Path) -> None:
    with running(tmp_path) as store:
        store.revive()
        kill(store)
        with pytest.raises(StoreFailed):
            store.revive()


def test_it_ends_with_who_started_it(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom local.store.process import Store\n"
        f"store = Store(Path({str(tmp_path)!r}))\nstore.start()\n"
        "print(store.pid, flush=True)\nsys.stdin.read()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": PYTHON_PATH},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert parent.stdout is not None
    store = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.communicate()
    psutil.wait_procs([store], timeout=PATIENCE)
    assert not store.is_running() or store.status() == psutil.STATUS_ZOMBIE


@pytest.mark.usefixtures("strict_store")
def test_who_still_sends_hears_why_it_was_refused(local_store: Store) -> None:
    path, headers, body = request_of(form("large/a", b"small"), MEBIBYTE * 30)
    connection = HTTPConnection(HOST, local_store.port, PATIENCE)
    connection.request("POST", path, body, headers)
    answer = connection.getresponse()
    assert answer.status == 400
    assert b"EntityTooLarge" in answer.read()
    connection.close()


@pytest.mark.usefixtures("strict_store")
def test_a_large_upload_is_never_in_memory(local_store: Store) -> None:
    stored("large/a")
    before = psutil.Process(local_store.pid).memory_info().rss
    stored("large/a", MEBIBYTE * 40)
    link = storage.download_url("large/a", "a", "text/plain")
    assert len(requests.get(link, timeout=PATIENCE).content) == 40 * len(MEBIBYTE)
    grown = psutil.Process(local_store.pid).memory_info().rss - before
    assert grown < 20 * len(MEBIBYTE)


@pytest.mark.usefixtures("strict_store")
def test_a_page_of_any_origin_may_send_a_form_and_read_the_answer() -> None:
    made = form("page/a")
    asked = ORIGIN | {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x-upload",
    }
    preflight = requests.options(made.url, headers=asked, timeout=PATIENCE)
    assert preflight.ok
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    for answer in (preflight, post(made.url, made.fields, b"other")):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "request_",
    [
        b"POST /attachments HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /attachments HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
        b"POST /attachments HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
        b"POST /other HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
        b"POST /attachments HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n"
        b"Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n\r\n--b",
        b"GET /attachments/../../secret?X-Amz-Signature=0 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /attachments/a?X-Amz-Signature=%FF&X-Amz-Date=%00 HTTP/1.1\r\n\r\n",
    ],
)
def test_nonsense_is_refused_in_s3s_form(local_store: Store, request_: bytes) -> None:
    with socket.create_connection((HOST, local_store.port)) as wire:
        wire.sendall(request_)
        wire.shutdown(socket.SHUT_WR)
        answer = wire.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 4"), answer
    assert b"<Error><Code>" in answer
