"""Worker processes, each like one Lambda execution environment, and the front before them."""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from local import environment
from local.connection import Patience
from local.files import redirect_output
from local.front import STOP_SECONDS, Front
from local.gateway import Gateway
from local.refusal import Refused

EARLY_SECONDS = 2
EARLY_DEATHS = 3
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)


class WorkersFailed(Refused):
    """Workers die as soon as they start."""


class Workers:
    """Forked from a process that has imported everything and has no thread and no connection."""

    def __init__(
        self,
        gateway: Gateway,
        listener: socket.socket,
        count: int,
        log: Path | None,
        patience: Patience,
    ) -> None:
        self._gateway = gateway
        self._listener = listener
        self._count = count
        self._log = log
        self._patience = patience
        self._front = 0
        self._control = socket.socket(socket.AF_UNIX)  # brings the front its environments
        self._started: dict[int, float] = {}
        self._early_deaths = 0

    def serve(self, is_healthy: Callable[[], bool]) -> None:
        """Serves until SIGINT or SIGTERM, or until `is_healthy` denies when a child has died."""
        while signal.sigwait(SIGNALS) == signal.SIGCHLD:
            self._bury()
            if not is_healthy():
                return
            self._fill()

    def start(self) -> None:
        """Starts all workers; from here on signals wait for `serve`."""
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        self._listener.listen(socket.SOMAXCONN)
        self._fill()

    def stop(self) -> None:
        """Lets the front have answered what was asked, for some seconds; workers end with it."""
        if self._front in self._started:
            os.kill(self._front, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS + 1  # the front's, and a little
        while self._started and time.monotonic() < deadline:
            self._reap()
            time.sleep(0.02)
        for pid in self._started:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        self._started.clear()

    def _fill(self) -> None:
        if self._front not in self._started:
            self._start_front()
        while len(self._started) <= self._count:
            self._start_worker()

    def _start_front(self) -> None:
        """Workers of an earlier one end by themselves, as their channels do."""
        self._control.close()
        self._control, theirs = socket.socketpair()
        with theirs:
            self._front = self._fork("front", lambda: self._receive_requests(theirs))

    def _start_worker(self) -> None:
        fronts, workers = socket.socketpair()
        with fronts, workers:
            self._fork("worker", lambda: self._answer_requests(workers, fronts))
            with suppress(BrokenPipeError):  # the front is dead, and this worker soon
                socket.send_fds(self._control, [b"."], [fronts.fileno()])

    def _bury(self) -> None:
        for lived in self._reap():
            self._early_deaths += lived < EARLY_SECONDS
            print(
                f"nexus: a process died after {lived:.0f} s; another takes its place.", flush=True
            )
        if self._early_deaths > EARLY_DEATHS:
            where = f" (log: {self._log})" if self._log else ""
            raise WorkersFailed(f"The workers die as soon as they start{where}.")

    def _reap(self) -> list[float]:
        """The ages of the children that failed; workers that end with their front have not. Waits
        for own children only, by id."""
        ages = []
        for pid, started in list(self._started.items()):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                del self._started[pid]
            if status:
                ages.append(time.monotonic() - started)
        return ages

    def _fork(self, name: str, work: Callable[[], None]) -> int:
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid:
            self._started[pid] = time.monotonic()
            return pid
        status = 1
        try:
            self._settle_in(name)
            work()
            status = 0
        finally:
            os._exit(status)  # nothing of the parent's may be unwound here

    def _settle_in(self, name: str) -> None:
        os.setpgid(0, 0)  # a Ctrl-C in the terminal is the parent's to handle, in order
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        self._control.close()  # or the front would not see that the parent is gone
        Path("/proc/self/comm").write_text(f"nexus-{name}")  # in the lists of ps and top
        if self._log:
            redirect_output(self._log)

    def _receive_requests(self, control: socket.socket) -> None:
        front = Front(self._gateway.refusals, self._patience)
        asyncio.run(front.serve(self._listener, control))

    def _answer_requests(self, channel: socket.socket, fronts: socket.socket) -> None:
        fronts.close()
        self._listener.close()
        environment.serve(self._gateway, channel)
