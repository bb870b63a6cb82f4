"""Log files that rotate: one process writes each, `python -m local.log FILE`, whoever prints."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

from local.files import private
from local.runnable import Runnable

ROOT = Path(__file__).parent.parent
LARGEST = 10 * 1024 * 1024
KEPT = 3  # beside the one that is written
STOP_SECONDS = 5


class Log(Runnable):
    """A file, the process that writes it, and the socket that leads there. A pipe would keep
    together what is printed at once up to 4 KiB only."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._output: socket.socket
        self._input: socket.socket
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts the writer."""
        self._output, self._input = socket.socketpair()
        self._spawn()

    def stop(self) -> None:
        """Lets the writer end with what was printed; harmless when there is none."""
        if self._process is None:
            return
        self._input.close()
        self._output.close()
        with suppress(subprocess.TimeoutExpired):  # it ends with the last that can print
            self._process.wait(STOP_SECONDS)
        self._process = None

    def revive(self) -> None:
        """Starts another writer where one has died; what is printed has waited for it."""
        if self._process is not None and self._process.poll() is not None:
            print(f"nexus: the writer of {self.path} died; another takes its place.", flush=True)
            self._spawn()

    @property
    def size(self) -> int:
        """Bytes in the file."""
        return self.path.stat().st_size if self.path.exists() else 0

    def fileno(self) -> int:
        """Where programs print to."""
        return self._input.fileno()

    def take_output(self) -> None:
        """All that this process prints from now on goes into the file."""
        os.dup2(self.fileno(), 1)
        os.dup2(self.fileno(), 2)

    def _spawn(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "local.log", str(self.path)],
            cwd=ROOT,
            env={},
            stdin=self._output.fileno(),
            start_new_session=True,  # what a Ctrl-C ends may have something to say
        )


def write(path: Path, lines: Iterable[bytes]) -> None:
    """Writes the lines behind what is there. A full disk costs lines, and not the server."""
    for line in lines:
        with suppress(OSError):
            _write(path, line)


def _write(path: Path, line: bytes) -> None:
    with open(path, "ab", opener=private) as file:
        if not file.tell() or file.tell() + len(line) <= LARGEST:
            file.write(line)
            return
    _rotate(path)
    _write(path, line)


def _rotate(path: Path) -> None:
    names = [path, *(path.with_name(f"{path.name}.{age}") for age in range(1, KEPT + 1))]
    for younger, older in reversed(list(pairwise(names))):
        with suppress(FileNotFoundError):
            younger.replace(older)


if __name__ == "__main__":
    write(Path(sys.argv[1]), sys.stdin.buffer)
