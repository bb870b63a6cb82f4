"""Worker processes, each like one Lambda execution environment, the front before them, and the one
that runs the scheduled jobs."""

import asyncio
import os
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from local import environment
from local.connection import Patience
from local.front import STOP_SECONDS, Front
from local.gateway import Gateway
from local.log import Log
from local.refusal import Refused

EARLY_SECONDS = 2
EARLY_DEATHS = 3
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)


class WorkersFailed(Refused):
    """Workers die as soon as they start."""


class Child(NamedTuple):
    role: str
    started: float


class Workers:
    """Forked from a process that has imported everything and has no thread and no connection."""

    def __init__(
        self,
        gateway: Gateway,
        listener: socket.socket,
        count: int,
        patience: Patience,
        log: Log | None,
        jobs: Callable[[int], None] | None,
    ) -> None:
        self._gateway = gateway
        self._listener = listener
        self._count = count
        self._patience = patience
        self._log = log
        self._jobs = jobs
        self._control = socket.socket(socket.AF_UNIX)  # brings the front its environments
        self._ours, self._theirs = os.pipe()  # ends as this process does
        self._children: dict[int, Child] = {}
        self._early_deaths: Counter[str] = Counter()  # in a row, of each role

    def serve(self, tend: Callable[[], None]) -> None:
        """Serves until SIGINT or SIGTERM. `tend` sees to other children when one has died."""
        while signal.sigwait(SIGNALS) == signal.SIGCHLD:
            self._bury()
            tend()
            self._fill()

    def start(self) -> None:
        """Starts all workers; from here on signals wait for `serve`."""
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        self._listener.listen(socket.SOMAXCONN)
        self._fill()

    def stop(self) -> None:
        """Lets the front have answered what was asked, for some seconds; workers end with it."""
        for pid, child in self._children.items():
            if child.role != "worker":
                os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS + 1  # the front's, and a little
        while self._children and time.monotonic() < deadline:
            self._reap()
            time.sleep(0.02)
        for pid in self._children:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        self._children.clear()

    def _fill(self) -> None:
        roles = [child.role for child in self._children.values()]
        if "front" not in roles:
            self._start_front()
        if self._jobs and "jobs" not in roles:
            self._fork("jobs", partial(self._run_jobs, self._jobs))
        for _ in range(self._count - roles.count("worker")):
            self._start_worker()

    def _start_front(self) -> None:
        """Workers of an earlier one end by themselves, as their channels do."""
        self._control.close()
        self._control, theirs = socket.socketpair()
        with theirs:
            self._fork("front", lambda: self._receive_requests(theirs))

    def _start_worker(self) -> None:
        fronts, workers = socket.socketpair()
        with fronts, workers:
            self._fork("worker", lambda: self._answer_requests(workers, fronts))
            with suppress(BrokenPipeError):  # the front is dead, and this worker soon
                socket.send_fds(self._control, [b"."], [fronts.fileno()])

    def _bury(self) -> None:
        for role, lived in self._reap():
            self._early_deaths[role] += 1
            if lived >= EARLY_SECONDS:
                del self._early_deaths[role]
            print(
                f"nexus: a process died after {lived:.0f} s; another takes its place.", flush=True
            )
        if any(count > EARLY_DEATHS for count in self._early_deaths.values()):
            where = f" (log: {self._log.path})" if self._log else ""
            raise WorkersFailed(f"The workers die as soon as they start{where}.")

    def _reap(self) -> list[tuple[str, float]]:
        """The roles and ages of the children that failed; workers that end with their front have
        not. Waits for own children only, by id."""
        failed = []
        for pid, child in list(self._children.items()):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                del self._children[pid]
            if status:
                failed.append((child.role, time.monotonic() - child.started))
        return failed

    def _fork(self, role: str, work: Callable[[], None]) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid:
            self._children[pid] = Child(role, time.monotonic())
            return
        status = 1
        try:
            self._settle_in(role)
            work()
            status = 0
        finally:
            os._exit(status)  # nothing of the parent's may be unwound here

    def _settle_in(self, role: str) -> None:
        os.setpgid(0, 0)  # a Ctrl-C in the terminal is the parent's to handle, in order
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        self._control.close()  # or the front would not see that the parent is gone
        os.close(self._theirs)
        Path("/proc/self/comm").write_text(f"nexus-{role}")  # in the lists of ps and top
        if self._log:
            self._log.take_output()

    def _receive_requests(self, control: socket.socket) -> None:
        front = Front(self._gateway.refusals, self._patience)
        asyncio.run(front.serve(self._listener, control))

    def _run_jobs(self, run: Callable[[int], None]) -> None:
        self._listener.close()
        run(self._ours)

    def _answer_requests(self, channel: socket.socket, fronts: socket.socket) -> None:
        fronts.close()
        self._listener.close()
        environment.serve(self._gateway, channel)
