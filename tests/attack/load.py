"""Writers and readers that go on whatever happens, and note each answer that no client expects."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.attack.ledger import Entry, Ledger
from tests.support.api import Api, connect, slug
from tests.support.envelope import told
from tests.support.races import eventually

WRITERS, READERS = 2, 1  # of each way
PATIENCE = 90
PAUSE = 0.05  # a client that waits as Retry-After says would meet no fault but the first
BREATH = 0.02  # seconds between two steps of a worker
STEPS = 2


class Stopped(Exception):
    """The load is at its end, though not all was acknowledged."""


@dataclass
class Worker:
    """One writer or reader, on a connection of its own; `way` is the server that it calls."""

    way: str
    api: Api
    load: "Load"
    step: Callable[["Worker"], None]
    steps: int = 0
    refusals: int = 0

    def work(self) -> None:
        while not self.load.stopping.wait(BREATH):
            with suppress(Stopped):
                self.step(self)
                self.steps += 1

    def write(self) -> None:
        """Makes a person, reads it and changes it, each until it is acknowledged."""
        entry = self.load.ledger.open()
        sent = {"json": entry.body, "headers": entry.key}
        entry.made = made = self._answer(201, "POST", "/persons", **sent)
        path = f"/persons/{made['id']}"
        if self._answer(200, "GET", path) != made:
            self.load.wrong.append(f"{entry.name} is not read as it was written")
        entry.changed = self._answer(200, "PATCH", path, json=entry.change)

    def read(self) -> None:
        """What was acknowledged once is there from then on."""
        done = [entry for entry in self.load.ledger.entries[-20:] if entry.changed]
        for entry in done[:3]:
            self._check(entry)
        self._answer(200, "GET", "/persons", params={"limit": 20, "sort": "-id"})

    def _check(self, entry: Entry) -> None:
        assert entry.changed
        if self._answer(200, "GET", f"/persons/{entry.changed['id']}") != entry.changed:
            self.load.wrong.append(f"{entry.name} is not read as it was changed")

    def _answer(self, expected: int, method: str, path: str, **sent: Any) -> Any:
        while True:
            answer = self._try(method, path, **sent)
            if answer is not None and answer.status_code == expected:
                return answer.json()
            self.refusals += 1
            if self.load.stopping.wait(PAUSE):
                raise Stopped

    def _try(self, method: str, path: str, **sent: Any) -> httpx.Response | None:
        try:
            answer = self.api.send(method, path, **sent)
        except httpx.TransportError:
            self.load.count("cut")
            return None
        except AssertionError as failure:  # what every answer has
            self.load.wrong.append(str(failure))
            return None
        self.load.count(str(answer.status_code))
        if answer.status_code >= 400 and not is_expected(answer):
            self.load.wrong.append(told(answer))
        return answer


def is_expected(answer: httpx.Response) -> bool:
    """The service is out of reach, or is at work on this very request that was cut."""
    in_flight = answer.status_code == 409 and slug(answer.json()) == "request-in-flight"
    return answer.status_code == 503 or in_flight


@dataclass
class Load:
    """What writers and readers have met so far."""

    ledger: Ledger = field(default_factory=Ledger)
    wrong: list[str] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    stopping: threading.Event = field(default_factory=threading.Event)
    workers: list[Worker] = field(default_factory=list)
    futures: list[Future[None]] = field(default_factory=list)
    _counting: threading.Lock = field(default_factory=threading.Lock)

    def count(self, answer: str) -> None:
        with self._counting:
            self.answers[answer] += 1

    def goes_on(self, way: str = "") -> None:
        """Waits until everybody, or everybody on this way, has got some steps further."""
        known = [(worker, worker.steps) for worker in self.workers if way in {"", worker.way}]
        self.until(lambda: all(worker.steps >= steps + STEPS for worker, steps in known))

    def is_refused(self, way: str, by: Callable[[], object] = lambda: None) -> None:
        """Waits until somebody on this way is refused or cut off, as `by` may bring about."""
        known = self._refusals(way)

        def has_come() -> bool:
            by()
            return self._refusals(way) > known

        self.until(has_come)

    def _refusals(self, way: str) -> int:
        return sum(worker.refusals for worker in self.workers if worker.way == way)

    def until(self, is_so: Callable[[], object]) -> None:
        """Waits, as long as all are at work."""
        eventually(lambda: is_so() or any(future.done() for future in self.futures), PATIENCE)
        for future in self.futures:
            if future.done():
                future.result()


@contextmanager
def under_load(caller: Api, addresses: Mapping[str, str]) -> Iterator[Load]:
    """Load by one user through each address, which has come to an end afterwards."""
    load = Load()
    with ExitStack() as stack:
        for way, address in addresses.items():
            for step in [Worker.write] * WRITERS + [Worker.read] * READERS:
                api = caller.through(stack.enter_context(connect(address)))
                load.workers.append(Worker(way, api, load, step))
        with ThreadPoolExecutor(len(load.workers)) as threads:
            load.futures += [threads.submit(worker.work) for worker in load.workers]
            try:
                yield load
            finally:
                load.stopping.set()
    load.wrong += [str(future.exception()) for future in load.futures if future.exception()]
