"""HTTP as the local server speaks it: framing, targets, what it refuses."""

import time

import pytest

from local.connection import LARGEST_BODY, LARGEST_HEAD
from tests.local.wire import Connect, Wire


def test_requests_one_behind_the_other_are_answered_in_order(connect: Connect) -> None:
    wire = connect()
    for number in range(20):
        wire.ask("POST", f"/echo?{number}", "Content-Length: 2", body="{}")
    assert [wire.answer().json()["query"] for _ in range(20)] == [str(n) for n in range(20)]


def test_the_deadline_counts_from_when_the_whole_request_was_there(connect: Connect) -> None:
    wire, before = connect(), time.time()
    taken_at = wire.ask("GET", "/echo").answer().json()["taken_at"]
    assert before <= taken_at <= time.time()


def test_who_has_said_all_is_still_answered(connect: Connect) -> None:
    wire = connect().ask("GET", "/echo").say_no_more()
    assert wire.answer().status == 200
    assert wire.ended()


def test_who_says_all_at_once_is_answered_all(connect: Connect) -> None:
    wire = connect().ask("GET", "/large").ask("GET", "/large").ask("GET", "/echo")
    wire.say_no_more()
    assert [len(wire.answer().body) for _ in range(2)] == [4_000_000, 4_000_000]
    assert wire.answer().status == 200
    assert wire.ended()


def test_an_upgrade_is_not_taken_up(connect: Connect) -> None:
    wire = connect()
    headers = ("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13")
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    assert wire.ask("GET", "/echo", *headers, key).answer().status == 200
    assert wire.ask("GET", "/echo").answer().status == 200


@pytest.mark.parametrize("body", ["four", "4\r\nfour\r\n0\r\n\r\n"], ids=["length", "chunked"])
def test_a_whole_body_arrives(connect: Connect, body: str) -> None:
    framing = "Content-Length: 4" if body == "four" else "Transfer-Encoding: chunked"
    wire = connect()
    for _ in range(2):
        assert wire.ask("POST", "/echo", framing, body=body).answer().json()["size"] == 4


def test_a_large_body_arrives(connect: Connect) -> None:
    size = LARGEST_BODY
    wire = connect().ask("POST", "/echo", f"Content-Length: {size}", body=b"x" * size)
    assert wire.answer().json()["size"] == size


def test_a_body_without_end_is_refused_and_not_kept(connect: Connect) -> None:
    wire = connect().ask("POST", "/echo", "Transfer-Encoding: chunked")
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    for _ in range(LARGEST_BODY // 0x100000 + 1):
        wire.send(chunk)
    answer = wire.answer()
    assert (answer.status, answer.problem) == (413, "body-too-large")
    assert answer.headers["connection"] == "close"


def test_who_asks_before_sending_a_body_is_told_to_go_on(connect: Connect) -> None:
    wire = connect().ask("POST", "/echo", "Content-Length: 4", "Expect: 100-continue")
    assert wire.interim() == b"HTTP/1.1 100 Continue\r\n"
    assert wire.send("four").answer().json()["size"] == 4


def test_the_absolute_form_is_the_path_at_its_host(connect: Connect) -> None:
    wire = connect()
    told = wire.ask("GET", "http://school.example:81/echo?a=b").answer().json()
    assert (told["path"], told["query"]) == ("/echo", "a=b")
    assert told["url"] == "http://school.example:81/echo?a=b"
    assert wire.ask("GET", "HTTP://school.example").answer().problem == "not-found"


def test_a_path_with_an_empty_segment_is_another_path(connect: Connect) -> None:
    """By hand, for a client takes the first segment for a host."""
    assert connect().ask("GET", "//echo").answer().problem == "not-found"


def test_a_header_that_comes_twice_arrives_twice(connect: Connect) -> None:
    headers = ("X-Tenant-Id: a", "x-tenant-id: b", "Authorization: c", "Authorization: c")
    told = connect().ask("GET", "/echo", *headers).answer().json()["headers"]
    assert [value for name, value in told if name == "x-tenant-id"] == ["a", "b"]
    assert [value for name, value in told if name == "authorization"] == ["c", "c"]


@pytest.mark.parametrize(
    ("request_line", "headers", "expected"),
    [
        ("GET /echo?q=Zoë HTTP/1.1", "Host: x", (400, "malformed-request")),
        ("GET /zoë HTTP/1.1", "Host: x", (400, "malformed-request")),
        ("GET * HTTP/1.1", "Host: x", (400, "malformed-request")),
        ("GET echo HTTP/1.1", "Host: x", (400, "malformed-request")),
        ("CONNECT school.example:443 HTTP/1.1", "Host: x", (400, "malformed-request")),
        ("GET ftp://school.example/echo HTTP/1.1", "Host: x", (400, "malformed-request")),
        ("GET /echo", "Host: x", (400, "malformed-request")),
        ("\x16\x03\x01\x02\x00\x01", "", (400, "malformed-request")),
        ("GET /echo HTTP/1.1", "No-Host: x", (400, "malformed-request")),
        ("GET /echo HTTP/1.1", "Host: x\r\nHost: y", (400, "malformed-request")),
        ("GET /echo HTTP/1.1", "Host: x\r\nX Y: z", (400, "malformed-request")),
        ("POST /echo HTTP/1.1", "Host: x\r\nContent-Length: -1", (400, "malformed-request")),
        (
            "POST /echo HTTP/1.1",
            "Host: x\r\nContent-Length: 1\r\nContent-Length: 2",
            (400, "malformed-request"),
        ),
        (
            "POST /echo HTTP/1.1",
            "Host: x\r\nTransfer-Encoding: chunked\r\n\r\nzz",
            (400, "malformed-request"),
        ),
        (
            "POST /echo HTTP/1.1",
            "Host: x\r\nTransfer-Encoding: gzip, chunked",
            (501, "coding-not-implemented"),
        ),
        (f"GET /{'x' * LARGEST_HEAD} HTTP/1.1", "Host: x", (431, "headers-too-large")),
        ("GET /echo HTTP/1.1", f"Host: x\r\nX: {'x' * LARGEST_HEAD}", (431, "headers-too-large")),
        ("GET /echo HTTP/1.1", f"X: {'x' * LARGEST_HEAD * 4}", (431, "headers-too-large")),
    ],
)
def test_what_is_no_http_is_refused_with_a_problem(
    connect: Connect, request_line: str, headers: str, expected: tuple[int, str]
) -> None:
    wire = connect().send(f"{request_line}\r\n{headers}\r\n\r\n")
    answer = wire.answer()
    assert (answer.status, answer.problem) == expected
    assert answer.headers["connection"] == "close"
    assert "no-host" not in answer.body.decode().lower()
    assert wire.ended()


def test_a_refusal_has_the_callers_request_id(impatient: str) -> None:
    with Wire(impatient) as wire:
        wire.ask("POST", "/echo", "X-Request-Id: mine", "Content-Length: 9", body="half")
        assert wire.answer().json()["instance"] == "mine"


def test_an_old_client_is_answered_and_left(connect: Connect) -> None:
    wire = connect().send("GET /echo HTTP/1.0\r\n\r\n")
    answer = wire.answer()
    assert (answer.status, answer.headers["connection"]) == (200, "close")
    assert wire.ended()


def test_the_answer_to_head_has_no_body(connect: Connect) -> None:
    wire = connect()
    answer = wire.ask("HEAD", "/echo").answer(of_head=True)
    assert int(answer.headers["content-length"]) > 0
    assert wire.ask("GET", "/echo").answer().json()["path"] == "/echo"
