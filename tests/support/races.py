"""Requests that really meet: a thread and a connection each, let go by one barrier."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier


def at_once[T](calls: Sequence[Callable[[], T]]) -> list[T]:
    barrier = Barrier(len(calls), timeout=60)

    def run(call: Callable[[], T]) -> T:
        barrier.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))
