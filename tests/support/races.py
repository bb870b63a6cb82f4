"""Requests that really meet: a thread and a connection each, let go by one barrier."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from tests.support.database import Session

IS_WAITED_FOR = """
    SELECT EXISTS (
        SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))
"""


def at_once[T](calls: Sequence[Callable[[], T]]) -> list[T]:
    barrier = Barrier(len(calls), timeout=60)

    def run(call: Callable[[], T]) -> T:
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def behind[T](session: Session, statement: str, call: Callable[[], T], **values: Any) -> T:
    """What a call answers that has to wait for a statement: it is committed only then."""
    session.run("BEGIN")
    with ThreadPoolExecutor(1) as thread:
        try:
            session.run(statement, **values)
            answer = thread.submit(call)
            while not session.value(IS_WAITED_FOR):
                assert not answer.done(), f"it did not wait: {answer.result()}"
        finally:
            session.run("COMMIT")
        return answer.result()
