"""Requests that really meet: a thread and a connection each, let go by one barrier."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from tests.support.database import Session


def at_once[T](calls: Sequence[Callable[[], T]]) -> list[T]:
    barrier = Barrier(len(calls), timeout=60)

    def run(call: Callable[[], T]) -> T:
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def while_locked_by[T](holder: Session, statement: str, call: Callable[[], T], **values: Any) -> T:
    """What a call answers that meets an open transaction with this statement in it."""
    holder.run("BEGIN")
    holder.run(statement, **values)
    return begun_before_commit(holder, call)


def begun_before_commit[T](holder: Session, call: Callable[[], T]) -> T:
    """What a call answers that meets an open transaction, goes as far as its locks let it, and
    goes on when it is committed."""
    with ThreadPoolExecutor(1) as thread:
        answer = thread.submit(call)
        eventually(lambda: answer.done() or holder.holds_up_another())
        holder.run("COMMIT")
        return answer.result()


def eventually[T](is_so: Callable[[], T], seconds: float = 30) -> T:
    """What another process does in its own time."""
    deadline = time.monotonic() + seconds
    while not (found := is_so()):
        assert time.monotonic() < deadline, "it never came to pass"
        time.sleep(0.02)
    return found
