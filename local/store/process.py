"""The store beside the API: its folder, its port, and what the API has to know of it."""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from local.files import write_private
from local.ports import HOST, free_port, is_free, reserve
from local.refusal import Refused
from local.runnable import Runnable
from local.store import AUDIT_BUCKET, BUCKET, KEY_ID, REGION

ROOT = Path(__file__).parents[2]
EARLY_SECONDS = 2


class StoreFailed(Refused):
    """The store dies as soon as it starts."""


class Store(Runnable):
    """What it keeps, it keeps in the folder. Its socket is bound here: who asks before it answers,
    or while another takes the place of one that died, waits."""

    def __init__(self, folder: Path, output: int | None = None) -> None:
        self.folder = folder
        self._output = output
        self._listener: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0

    def start(self) -> None:
        """Starts it, and does not wait until it answers."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        secret_of(self.folder)
        self._listener = reserve(self._port())
        self._listener.listen(socket.SOMAXCONN)
        write_private(self.folder / "port", str(self.port))
        self._spawn()

    def stop(self) -> None:
        """Half uploads are lost; harmless when it is not running."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def revive(self) -> None:
        """Starts another where one has died. Raises StoreFailed."""
        if self._process is None or self._process.poll() is None:
            return
        if time.monotonic() - self._started < EARLY_SECONDS:
            raise StoreFailed("The store of attachments dies as soon as it starts.")
        print("nexus: the store of attachments died; another takes its place.", flush=True)
        self._spawn()

    @property
    def port(self) -> int:
        """The same at each start on the folder, unless it is taken."""
        assert self._listener is not None  # noqa: S101 - for the type checker
        return int(self._listener.getsockname()[1])

    @property
    def pid(self) -> int:
        """The process that answers, or did last."""
        assert self._process is not None  # noqa: S101 - for the type checker
        return self._process.pid

    def variables(self) -> dict[str, str]:
        """What leads the API here."""
        return _variables(self.folder, self.port)

    def _port(self) -> int:
        try:
            port = int((self.folder / "port").read_text())
        except (FileNotFoundError, ValueError):
            return free_port()
        return port if is_free(port) else free_port()

    def _spawn(self) -> None:
        assert self._listener is not None  # noqa: S101 - for the type checker
        descriptor = self._listener.fileno()
        self._started = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "local.store", str(self.folder), str(descriptor)],
            cwd=ROOT,
            env={},
            stdin=subprocess.PIPE,  # ends as this process does, and so does the store
            stdout=self._output,
            stderr=self._output,
            pass_fds=[descriptor],
            start_new_session=True,  # a Ctrl-C in the terminal is ours to handle, in order
        )


@contextmanager
def reached(folder: Path) -> Iterator[dict[str, str]]:
    """What leads to the store of a folder: to the one that a run has started, or to another that
    lasts as long as it is needed."""
    with suppress(FileNotFoundError, ValueError):
        port = int((folder / "port").read_text())
        if not is_free(port):
            yield _variables(folder, port)
            return
    with Store(folder) as store:
        yield store.variables()


def _variables(folder: Path, port: int) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL_S3": f"http://{HOST}:{port}",
        "AWS_ACCESS_KEY_ID": KEY_ID,
        "AWS_SECRET_ACCESS_KEY": secret_of(folder),
        "AWS_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "NEXUS_ATTACHMENTS_BUCKET": BUCKET,
        "NEXUS_AUDIT_BUCKET": AUDIT_BUCKET,
    }


def secret_of(folder: Path) -> str:
    """Made up when the folder is fresh."""
    path = folder / "secret"
    if not path.exists():
        write_private(path, secrets.token_urlsafe(32))
    return path.read_text()
