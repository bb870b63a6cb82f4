"""`python -m local` as a child: what it says, when it is up, how it ends."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import venv
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import distribution
from pathlib import Path
from typing import Self

import httpx
import psutil

from local.ports import HOST, free_port
from tests.support.races import eventually
from tests.support.stack import PYTHON_PATH, REPOSITORY, children

PATIENCE = 90
OURS = ("PORT", "WORKERS", "DATABASE_URL", "NEXUS_DATA_DIR", "NEXUS_DEMO", "NEXUS_ADMIN_EMAIL")


class Run:
    """One run of `make run`'s program on a data folder."""

    def __init__(self, data_dir: Path, python: str = sys.executable, **settings: str) -> None:
        self.data_dir = data_dir
        self.python = python
        asked = settings.get("PORT", "")
        self.port = int(asked) if asked.isdecimal() else free_port()
        self.url = f"http://{HOST}:{self.port}"
        variables = {name: value for name, value in os.environ.items() if name not in OURS}
        variables |= {"PYTHONPATH": PYTHON_PATH, "NEXUS_DATA_DIR": str(data_dir)}
        variables |= {"PORT": str(self.port), "NEXUS_DEMO": "0", **settings}
        self._said: list[str] = []
        self._news = threading.Condition()
        self.process = subprocess.Popen(
            [python, "-m", "local"],
            cwd=REPOSITORY,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    @property
    def said(self) -> str:
        """All that was printed up to now."""
        return "\n".join(self._said)

    def until(self, words: str) -> Self:
        """Waits for a line with these words."""
        with self._news:
            heard = self._news.wait_for(lambda: words in self.said or self._is_over(), PATIENCE)
        assert heard, f"never said {words!r}"
        assert words in self.said, self.said
        return self

    def refusal(self) -> str:
        """The last line of a run that ends by itself, and not well."""
        assert self.ended() == 1, self.said
        *waited, line = self._said
        assert all("Waiting" in one for one in waited), self.said  # and nothing else
        return line

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Asks the run to end; its exit status."""
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> int:
        """Waits for the end, and for all that was said before it."""
        status = self.process.wait(PATIENCE)
        self._listener.join(PATIENCE)
        return status

    def family(self) -> list[psutil.Process]:
        """The run's own children and theirs."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def workers(self) -> list[psutil.Process]:
        """The processes that answer requests."""
        return children(psutil.Process(self.process.pid), "nexus-worker")

    def front(self) -> psutil.Process:
        """The process that connections come to."""
        (front,) = children(psutil.Process(self.process.pid), "nexus-front")
        return front

    def jobs(self) -> psutil.Process:
        """The process that runs the scheduled jobs."""
        (jobs,) = children(psutil.Process(self.process.pid), "nexus-jobs")
        return jobs

    def writers(self) -> list[psutil.Process]:
        """The processes that write the logs."""
        own = psutil.Process(self.process.pid)
        return [child for child in own.children() if "local.log" in child.cmdline()]

    def store(self) -> psutil.Process:
        """The process that keeps attachments."""
        own = psutil.Process(self.process.pid)
        (store,) = (child for child in own.children() if "local.store" in child.cmdline())
        return store

    def environments(self) -> list[str]:
        """What `/proc` shows of the environments of the run and all that it has started."""
        shown = []
        for process in (psutil.Process(self.process.pid), *self.family()):
            with suppress(psutil.NoSuchProcess):  # one of PostgreSQL's may have ended meanwhile
                shown.append(f"{process.name()} {process.environ()}")
        return shown

    def told_password(self) -> str:
        """The administrator's password, as it was printed."""
        (line,) = (line for line in self._said if "Password:" in line)
        return line.split()[1]

    def sign_in(
        self, password: str, username: str = "administrator@nexus.example"
    ) -> httpx.Response:
        form = {"username": username, "password": password}
        return httpx.post(f"{self.url}/me/signin", data=form, timeout=30)

    def _listen(self) -> None:
        for line in self.process.stdout or ():
            with self._news:
                self._said.append(line.rstrip("\n"))
                self._news.notify_all()
        with self._news:
            self._news.notify_all()

    def _is_over(self) -> bool:
        return self.process.poll() is not None and not self._listener.is_alive()


@contextmanager
def running(data_dir: Path, python: str = sys.executable, **settings: str) -> Iterator[Run]:
    """A run that is up, and that has ended afterwards whatever happens."""
    with starting(data_dir, python, **settings) as run:
        yield run.until("Sign in with:")


@contextmanager
def starting(data_dir: Path, python: str = sys.executable, **settings: str) -> Iterator[Run]:
    """A run that may still be on its way, or may never get there."""
    run = Run(data_dir, python, **settings)
    try:
        yield run
    finally:
        if run.process.poll() is None:
            run.stop()


@contextmanager
def taken_port() -> Iterator[int]:
    """A port that another program listens on."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        listener.listen()
        yield listener.getsockname()[1]


def started(run: Run) -> tuple[set[str], list[str]]:
    """The names of all processes of a run, and what their environments hold."""
    forked = {"nexus-front", "nexus-jobs", "nexus-worker"}  # which name themselves

    def names() -> set[str]:
        return {one.split()[0] for one in run.environments()}

    eventually(lambda: forked <= names())
    return names(), run.environments()


def python_of_make_run(folder: Path) -> str:
    """A Python that finds the packages that `make run` installs, and no others."""
    venv.create(folder)
    (site_packages,) = folder.glob("lib/python*/site-packages")
    lock = (REPOSITORY / "requirements-run.txt").read_text()
    for name in re.findall("^([a-z0-9.-]+)==", lock, re.MULTILINE):
        package = distribution(name)
        for top in {file.parts[0] for file in package.files or ()} - {"..", "__pycache__"}:
            (site_packages / top).symlink_to(Path(str(package.locate_file(top))))
    return str(folder / "bin" / "python")
