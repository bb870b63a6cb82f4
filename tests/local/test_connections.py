"""Connections to the local server: kept, shared out, left when they are silent or do not listen."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.local.conftest import LONG, SHORT, WORKERS, server
from tests.local.wire import Connect, Wire
from tests.support.races import at_once

DELAYED_ACKNOWLEDGEMENT = 0.04


@contextmanager
def held(connect: Connect, folder: Path, count: int = 1) -> Iterator[list[Wire]]:
    """Connections whose requests keep as many workers busy."""
    fifos = [folder / f"fifo-{number}" for number in range(count)]
    wires = []
    for fifo in fifos:
        os.mkfifo(fifo)
        wires.append(connect().ask("GET", f"/hold?fifo={fifo}"))
    ends = [fifo.open("w") for fifo in fifos]  # each opens when its worker reads
    try:
        yield wires
    finally:
        for end in ends:
            end.write("go on")
            end.close()


def test_a_body_that_does_not_come_is_timed_out_and_others_are_served(impatient: str) -> None:
    half = [Wire(impatient) for _ in range(WORKERS * 2)]
    for wire in half:
        wire.ask("POST", "/echo", "Content-Length: 100", body="half")
    with Wire(impatient) as other:
        assert other.ask("GET", "/echo").answer().status == 200
    for wire in half:
        answer = wire.answer()
        assert (answer.status, answer.problem) == (408, "request-timeout")
        assert answer.headers["connection"] == "close"
        assert wire.ended()
        wire.close()


@pytest.mark.parametrize(
    "part",
    [
        "GET /echo HTTP/1.1\r\nHost: nexus.example\r\n",
        "G",
        "POST /echo HTTP/1.1\r\nHost: nexus.example\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nha",
    ],
)
def test_a_request_that_does_not_come_whole_is_timed_out(impatient: str, part: str) -> None:
    with Wire(impatient) as wire:
        answer = wire.send(part).answer()
        assert (answer.status, answer.problem) == (408, "request-timeout")
        assert wire.ended()


def test_a_kept_connection_is_timed_out_alike(impatient: str) -> None:
    with Wire(impatient) as wire:
        assert wire.ask("GET", "/echo").answer().status == 200
        assert wire.send("GET /ec").answer().problem == "request-timeout"


def test_who_says_nothing_is_left_without_a_word(impatient: str) -> None:
    with Wire(impatient) as wire:
        assert wire.ended()


def test_who_keeps_a_connection_for_nothing_is_left() -> None:
    with server(f"{LONG} {LONG} {SHORT}") as address, Wire(address) as wire:
        assert wire.ask("GET", "/echo").answer().status == 200
        assert wire.ended()


def test_who_does_not_read_holds_nobody_up_and_is_left(impatient: str) -> None:
    deaf = [Wire(impatient) for _ in range(WORKERS * 2)]
    for wire in deaf:
        for _ in range(5):
            wire.ask("GET", "/large")
    with Wire(impatient) as other:
        assert other.ask("GET", "/echo").answer().status == 200
    for wire in deaf:
        assert wire.given_up_unread()
        wire.close()


def test_who_wants_the_connection_closed_and_does_not_read_is_left_too(impatient: str) -> None:
    with Wire(impatient) as wire:
        wire.ask("GET", "/large", "Connection: close")
        assert wire.given_up_unread()


def test_a_connection_is_kept(connect: Connect) -> None:
    wire = connect()
    for _ in range(10):
        assert wire.ask("GET", "/echo").answer().status == 200


def test_an_answer_does_not_wait_until_the_one_before_is_acknowledged(connect: Connect) -> None:
    wire, times = connect(), []
    for _ in range(20):
        began = time.perf_counter()
        wire.ask("GET", "/echo").ask("GET", "/echo")
        assert [wire.answer().status, wire.answer().status] == [200, 200]
        times.append(time.perf_counter() - began)
    assert min(times[10:]) < DELAYED_ACKNOWLEDGEMENT / 2


def test_a_kept_connection_never_waits_behind_anothers_request(
    connect: Connect, tmp_path: Path
) -> None:
    kept = [connect() for _ in range(WORKERS * 3)]
    for wire in kept:
        assert wire.ask("GET", "/echo").answer().status == 200
    with held(connect, tmp_path, WORKERS - 1):
        for wire in kept:
            assert wire.ask("GET", "/echo").answer().status == 200


def test_requests_at_once_go_to_workers_of_their_own(connect: Connect, tmp_path: Path) -> None:
    with held(connect, tmp_path, WORKERS) as wires:
        pass
    workers = [wire.answer().json()["worker"] for wire in wires]
    assert len(set(workers)) == WORKERS


def test_a_worker_answers_one_request_at_a_time(connect: Connect, tmp_path: Path) -> None:
    with held(connect, tmp_path, WORKERS) as busy:
        waiting = connect().ask("GET", "/echo")
        assert connect().ask("GET", "no path").answer().status == 400  # without any worker
        assert not waiting.has_news()
    workers = {wire.answer().json()["worker"] for wire in busy}
    assert waiting.answer().json()["worker"] in workers


def test_requests_that_wait_are_all_answered(connect: Connect) -> None:
    calls = [connect().ask("GET", "/echo").answer for _ in range(60)]
    assert {answer.status for answer in at_once(calls)} == {200}


def test_who_goes_away_in_the_middle_harms_nobody(connect: Connect, tmp_path: Path) -> None:
    with held(connect, tmp_path) as (wire,):
        wire.reset()
    connect().ask("POST", "/echo", "Content-Length: 9", body="half").reset()
    for _ in range(WORKERS):
        assert connect().ask("GET", "/echo").answer().status == 200


def test_a_worker_that_dies_over_a_request_is_no_silence(connect: Connect) -> None:
    wire = connect()
    answer = wire.ask("GET", "/die").answer()
    assert (answer.status, answer.problem) == (503, "gateway-failed")
    assert wire.ask("GET", "/echo").answer().status == 200


def test_an_answer_that_is_no_http_ends_its_connection_alone(connect: Connect) -> None:
    wire = connect().ask("GET", "/garble")
    with pytest.raises(ConnectionError):
        wire.answer()
    assert connect().ask("GET", "/echo").answer().status == 200
