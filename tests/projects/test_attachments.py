"""Attachments: from a form to a link, what neither lets through, and a store that is away."""

import json
import threading
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NoReturn

import pytest
import requests

from local.ports import HOST, free_port
from nexus import pg
from nexus.aws import storage
from nexus.aws.disposition import attachment
from nexus.pg.connection import Connection
from tests.storage.names import ODD
from tests.support.api import Api, Json, connect, pointers, slug
from tests.support.database import Session
from tests.support.issues import new_issue
from tests.support.makers import MAKERS
from tests.support.people import Tenant, unique
from tests.support.stack import Database, kernel, serving
from tests.support.uploads import PATIENCE, PNG, post, refusal

type Inside = Callable[[Api], Api]
EXPIRE = "UPDATE attachments SET checked_at = checked_at - interval '1 minute' WHERE id = :id"
REFUSED = ("line breaks", "an override", "a lone surrogate", "nothing")
EMPTY = b"<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"


def new(api: Api, issue: Json, **given: Any) -> Json:
    body = {"filename": "Zoë.png", "content_type": "image/png", "size": len(PNG), **given}
    made: Json = api.post(place(issue), body)
    return made


def place(issue: Json) -> str:
    return f"/issues/{issue['id']}/attachments"


def key(made: Json) -> str:
    return f"{made['tenant_id']}/{made['issue_id']}/{made['id']}"


def send(made: Json, content: bytes = PNG, instead: Mapping[str, str] = {}) -> requests.Response:
    form = made["upload"]
    return post(form["url"], {**form["fields"], **instead}, content)


def sent(api: Api, issue: Json, **given: Any) -> Json:
    made = new(api, issue, **given)
    assert send(made).status_code == 204
    return made


def listed(api: Api, made: Json, **query: Any) -> Json:
    (shown,) = api.items(f"/issues/{made['issue_id']}/attachments", id=made["id"], **query)
    return shown


@pytest.fixture
def member(tenant: Tenant) -> Api:
    return tenant.member


@pytest.fixture
def issue(member: Api) -> Json:
    return new_issue(member)


@pytest.fixture
def is_stored(database: Database) -> Callable[[Json], bool]:
    def is_stored(made: Json) -> bool:
        with kernel(**database.variables(database.app_url)):
            return key(made) in storage.found(key(made))

    return is_stored


def test_what_is_uploaded_by_the_form_is_listed_and_comes_back(member: Api, issue: Json) -> None:
    made = new(member, issue, sha256=sha256(PNG).hexdigest())
    assert (made["uploaded_at"], made["download_url"]) == (None, None)
    assert made["upload"]["fields"]["key"] == key(made)
    assert send(made).status_code == 204
    shown = listed(member, made)
    assert (shown["uploaded_at"] is not None, shown["upload"], shown["version"]) == (True, None, 2)
    loaded = requests.get(shown["download_url"], timeout=PATIENCE)
    assert loaded.content == PNG
    assert loaded.headers["content-disposition"] == attachment("Zoë.png")
    assert loaded.headers["content-type"] == "image/png"


def test_a_list_by_what_is_uploaded_sees_it_at_once(member: Api, issue: Json) -> None:
    made, waiting = sent(member, issue), new(member, issue)
    found = member.get(place(issue), uploaded_at__isnull="false", count="true")
    assert ([one["id"] for one in found["items"]], found["total"]) == ([made["id"]], 1)
    found = member.get(place(issue), uploaded_at__isnull="true")
    assert [one["id"] for one in found["items"]] == [waiting["id"]]


def test_a_link_may_be_all_that_is_asked_for(member: Api, issue: Json) -> None:
    made = sent(member, issue)
    shown = listed(member, made, fields="download_url")
    assert shown.keys() == {"download_url"}
    assert requests.get(shown["download_url"], timeout=PATIENCE).content == PNG


@pytest.mark.parametrize("name", ["upload", "download_url", "checked_at"])
def test_what_is_not_stored_is_no_filter(member: Api, issue: Json, name: str) -> None:
    for parameter in (name, f"{name}__isnull"):
        refused = member.refused(400, "GET", f"{place(issue)}?{parameter}=true")
        assert name not in refused["allowed"]


def test_a_form_takes_only_what_was_said(member: Api, issue: Json) -> None:
    made, other = new(member, issue, sha256=sha256(PNG).hexdigest()), new(member, issue)
    assert refusal(send(made, PNG + b"!")) == (400, "EntityTooLarge")
    assert send(made, PNG[:-1]).status_code == 400
    assert send(made, b"!" + PNG[1:]).status_code == 400
    assert send(made, instead={"Content-Type": "text/html"}).status_code == 403
    assert send(made, instead={"key": key(other)}).status_code == 403
    assert listed(member, made)["uploaded_at"] is None


def test_more_than_the_limit_is_refused_with_the_limit(member: Api, issue: Json) -> None:
    body = {"filename": "film.mp4", "content_type": "video/mp4", "size": 101 * 1024**2}
    problem = member.refused(422, "POST", place(issue), body)
    assert (pointers(problem), "104,857,600 bytes" in problem["detail"]) == (["/size"], True)
    member.post(place(issue), body | {"size": 100 * 1024**2})
    for size in (0, -1, 2**63, 10**30):
        assert pointers(member.refused(422, "POST", place(issue), body | {"size": size}))


@pytest.mark.parametrize("label", ODD)
def test_a_name_is_a_label_of_one_line(member: Api, issue: Json, label: str) -> None:
    filename = ODD[label]
    body = {"filename": filename, "content_type": "image/png", "size": len(PNG)}
    if label in REFUSED:
        sent_as = json.dumps(body).encode()
        header = {"Content-Type": "application/json"}
        problem = member.expect(422, "POST", place(issue), content=sent_as, headers=header).json()
        assert pointers(problem) in (["/filename"], [""])
        return
    made = sent(member, issue, filename=filename)
    shown = listed(member, made)
    assert shown["filename"] == made["filename"] == filename
    loaded = requests.get(shown["download_url"], timeout=PATIENCE)
    assert loaded.headers["content-disposition"] == attachment(filename)
    assert listed(member, made, filename=filename, fields="id") == {"id": made["id"]}


def test_a_name_has_one_form_and_a_length(member: Api, issue: Json) -> None:
    apart = unicodedata.normalize("NFD", "Zoë.png")
    assert new(member, issue, filename=f" {apart} ")["filename"] == "Zoë.png"
    body = {"filename": "x" * 256, "content_type": "image/png", "size": 1}
    assert pointers(member.refused(422, "POST", place(issue), body)) == ["/filename"]


@pytest.mark.parametrize(
    "content_type",
    ["text/plain; charset=utf-8", 'text/plain;a="b; c";d=e', "application/vnd.oasis.opendocument"],
)
def test_a_type_with_parameters_is_one(member: Api, issue: Json, content_type: str) -> None:
    made = sent(member, issue, content_type=content_type)
    loaded = requests.get(listed(member, made)["download_url"], timeout=PATIENCE)
    assert loaded.headers["content-type"] == content_type


@pytest.mark.parametrize(
    ("member_name", "value"),
    [
        ("content_type", "image"),
        ("content_type", "image/png\r\nX: y"),
        ("content_type", "image/png\n"),
        ("content_type", "image/pñg"),
        ("content_type", 'text/plain; a="b'),
        ("content_type", "text/plain;"),
        ("content_type", "a/" + "b" * 254),
        ("sha256", "A" * 64),
        ("sha256", "0" * 63),
        ("sha256", "0" * 64 + "\n"),
        ("sha256", ""),
    ],
)
def test_a_type_and_a_hash_are_well_formed(
    member: Api, issue: Json, member_name: str, value: str
) -> None:
    body = {"filename": "x", "content_type": "image/png", "size": 1, member_name: value}
    assert pointers(member.refused(422, "POST", place(issue), body)) == [f"/{member_name}"]


def test_an_object_of_another_size_is_not_ours(
    member: Api, issue: Json, database: Database
) -> None:
    made = new(member, issue)
    with kernel(**database.variables(database.app_url)):
        form = storage.upload_form(key(made), "image/png", 3)
    assert post(form.url, form.fields, b"abc").status_code == 204
    assert listed(member, made)["uploaded_at"] is None


def test_a_deletion_takes_the_object_along(
    member: Api, issue: Json, is_stored: Callable[[Json], bool]
) -> None:
    made, other = sent(member, issue), sent(member, issue)
    member.refused(412, "DELETE", f"{place(issue)}/{made['id']}", headers={"If-Match": '"7"'})
    assert is_stored(made)
    member.delete(f"{place(issue)}/{made['id']}")
    assert (is_stored(made), is_stored(other)) == (False, True)


def fail(*_: object) -> NoReturn:
    raise pg.OperationalError("a secret")


def test_an_object_stays_whose_deletion_is_not_kept(
    member: Api,
    issue: Json,
    inside: Inside,
    is_stored: Callable[[Json], bool],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = sent(member, issue)
    with monkeypatch.context() as patch:
        patch.setattr(Connection, "commit", fail)
        inside(member).expect(500, "DELETE", f"{place(issue)}/{made['id']}")
    assert listed(member, made)["uploaded_at"]
    assert is_stored(made)


def undone(caplog: pytest.LogCaptureFixture) -> list[str]:
    assert "secret" not in str([vars(record) for record in caplog.records])
    return [vars(record)["members"]["undone"] for record in caplog.records]


def test_a_note_that_is_not_kept_breaks_no_list(
    member: Api,
    issue: Json,
    inside: Inside,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    made, caller = sent(member, issue), inside(member)
    with monkeypatch.context() as patch:
        patch.setattr(Connection, "commit", fail)
        assert listed(caller, made)["uploaded_at"]
    assert undone(caplog) == ["commit of a note"]
    shown = listed(caller, made)
    assert (shown["uploaded_at"] is not None, shown["version"]) == (True, 2)


def test_only_a_read_that_noted_something_is_committed(
    member: Api, issue: Json, inside: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, caller = new(member, issue), inside(member)
    before = listed(caller, made)
    assert before == {**made, "upload": None}  # that the store was asked counts as no change
    monkeypatch.setattr(Connection, "commit", fail)
    monkeypatch.setattr(storage, "found", fail)
    assert listed(caller, made) == before


def test_a_store_that_refuses_after_the_commit_breaks_no_deletion(
    member: Api,
    issue: Json,
    inside: Inside,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    made = new(member, issue)
    monkeypatch.setattr(storage, "remove", fail)
    inside(member).delete(f"{place(issue)}/{made['id']}")
    assert undone(caplog) == ["after commit"]
    assert member.items(place(issue)) == []


def test_a_store_that_is_away_breaks_neither_list_nor_deletion(
    database: Database, member: Api, issue: Json, superuser: Session, tmp_path: Path
) -> None:
    made, log = sent(member, issue), tmp_path / "log"
    nowhere = f"http://{HOST}:{free_port()}"
    with (
        log.open("w") as output,
        serving(database, 1, output, AWS_ENDPOINT_URL_S3=nowhere) as address,
        connect(address) as http,
    ):
        caller = member.through(http)
        for _ in range(2):
            shown = listed(caller, made)
            assert (shown["uploaded_at"], shown["download_url"]) == (None, None)
        other = new(caller, issue)
        caller.delete(f"{place(issue)}/{other['id']}")
    told = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["undone"] for line in told] == ["look into the store", "after commit"]
    assert {line["exception_type"] for line in told} == {"StorageUnavailable"}
    assert all(line["correlation_id"] for line in told)
    superuser.run(EXPIRE, id=made["id"])
    assert listed(member, made)["uploaded_at"]


def test_a_list_waits_for_nobody_who_holds_an_attachment(
    member: Api, issue: Json, holder: Session
) -> None:
    made = sent(member, issue)
    holder.run("BEGIN")
    holder.run("SELECT FROM attachments WHERE id = :id FOR UPDATE", id=made["id"])
    assert listed(member, made)["uploaded_at"] is None
    holder.run("COMMIT")
    assert listed(member, made)["uploaded_at"]


class Slow:
    """A store that is asked, and answers that it has nothing when it is let go."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.is_asked, self.may_answer = threading.Event(), threading.Event()


@contextmanager
def slow_store() -> Iterator[tuple[Slow, str]]:
    slow = Slow()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            slow.asked.append(self.path)
            slow.is_asked.set()
            slow.may_answer.wait(PATIENCE)
            self.send_response(200)
            self.send_header("Content-Length", str(len(EMPTY)))
            self.end_headers()
            self.wfile.write(EMPTY)

        def log_message(self, *_: object) -> None:
            """Not here."""

    with ThreadingHTTPServer((HOST, 0), Handler) as server, ThreadPoolExecutor(1) as thread:
        thread.submit(server.serve_forever)
        try:
            yield slow, f"http://{HOST}:{server.server_port}"
        finally:
            slow.may_answer.set()
            server.shutdown()


def test_of_lists_at_once_one_asks_the_store_and_once_a_minute(
    database: Database, member: Api, issue: Json, superuser: Session
) -> None:
    made = [new(member, issue) for _ in range(3)]
    with (
        slow_store() as (slow, address),
        serving(database, 2, AWS_ENDPOINT_URL_S3=address) as api,
        connect(api) as http,
        ThreadPoolExecutor(1) as thread,
    ):
        caller = member.through(http)
        first = thread.submit(caller.items, place(issue))
        assert slow.is_asked.wait(PATIENCE)
        second = caller.items(place(issue))  # while the first is still waiting
        assert not first.done()
        slow.may_answer.set()
        assert first.result() == second == caller.items(place(issue))
        assert len(slow.asked) == 1
        superuser.run(EXPIRE, id=made[0]["id"])
        caller.items(place(issue))
        assert len(slow.asked) == 2
    assert {one["version"] for one in second} == {1}


def test_lists_at_once_note_an_upload_once(member: Api, issue: Json) -> None:
    made = sent(member, issue)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: member.items(place(issue)), range(8)))
    assert listed(member, made)["version"] == 2


def test_an_issue_tells_what_was_attached(tenant: Tenant, issue: Json) -> None:
    made = sent(tenant.member, issue)
    listed(tenant.member, made)  # which notes the upload, and makes no event
    tenant.admin.delete(f"{place(issue)}/{made['id']}")
    found = tenant.member.items(f"/issues/{issue['id']}/activity")
    told = [(one["kind"], one["actor_id"], one["detail"]) for one in found[:2]]
    detail = {"attachment_id": made["id"], "filename": "Zoë.png"}
    assert told == [
        ("detached", tenant.admin.user["id"], detail),
        ("attached", tenant.member.user["id"], detail),
    ]


def test_a_retry_gets_the_same_form(member: Api, issue: Json) -> None:
    body, header = MAKERS["attachment_id"].body(member), {"Idempotency-Key": unique("key")}
    first, again = (member.post(place(issue), body, headers=header) for _ in range(2))
    assert first == again
    assert send(again, b"four").status_code == 204


def test_another_tenants_attachments_are_nobodys(
    member: Api, issue: Json, other_tenant: Tenant
) -> None:
    made = sent(member, issue)
    stranger = other_tenant.admin
    assert slug(stranger.refused(404, "GET", place(issue))) == "not-found"
    stranger.refused(404, "DELETE", f"{place(issue)}/{made['id']}")
    assert listed(member, made)["uploaded_at"]
