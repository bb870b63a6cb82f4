"""Worker processes on one listening socket, each like one Lambda execution environment."""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

from starlette.types import ASGIApp

from local.environment import STOP_SECONDS, Environment
from local.files import redirect_output
from local.refusal import Refused

EARLY_SECONDS = 2
EARLY_DEATHS = 3
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)


class WorkersFailed(Refused):
    """Workers die as soon as they start."""


class Workers:
    """Forked from a process that has imported everything and has no thread and no connection."""

    def __init__(self, app: ASGIApp, listener: socket.socket, count: int, log: Path | None) -> None:
        self._app = app
        self._listener = listener
        self._count = count
        self._log = log
        self._started: dict[int, float] = {}
        self._early_deaths = 0
        self._lifeline = os.pipe()  # reads as closed in the workers when this process is gone

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
        """Lets workers end what they are at, for some seconds."""
        for pid in self._started:
            os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS + 1  # theirs, and a little
        while self._started and time.monotonic() < deadline:
            self._reap()
            time.sleep(0.02)
        for pid in self._started:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        self._started.clear()

    def _fill(self) -> None:
        while len(self._started) < self._count:
            self._started[self._fork()] = time.monotonic()

    def _bury(self) -> None:
        for lived in self._reap():
            self._early_deaths += lived < EARLY_SECONDS
            print(f"nexus: a worker died after {lived:.0f} s; another takes its place.", flush=True)
        if self._early_deaths > EARLY_DEATHS:
            where = f" (log: {self._log})" if self._log else ""
            raise WorkersFailed(f"The workers die as soon as they start{where}.")

    def _reap(self) -> list[float]:
        """The ages of the workers that have ended. Waits for own children only, by id."""
        ages = []
        for pid, started in list(self._started.items()):
            if os.waitpid(pid, os.WNOHANG)[0]:
                del self._started[pid]
                ages.append(time.monotonic() - started)
        return ages

    def _fork(self) -> int:
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid:
            return pid
        status = 1
        try:
            self._work()
            status = 0
        finally:
            os._exit(status)  # nothing of the parent's may be unwound here

    def _work(self) -> None:
        os.setpgid(0, 0)  # a Ctrl-C in the terminal is the parent's to handle, in order
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        os.close(self._lifeline[1])
        if self._log:
            redirect_output(self._log)
        asyncio.run(self._serve_requests())

    async def _serve_requests(self) -> None:
        server = Environment(self._app, self._listener)
        loop, lifeline = asyncio.get_running_loop(), self._lifeline[0]

        def leave() -> None:
            server.should_exit = True
            loop.remove_reader(lifeline)

        loop.add_reader(lifeline, leave)
        await server.serve(sockets=[])
