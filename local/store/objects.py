"""Objects as the files of one folder: there whole, or not at all."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, NamedTuple

from local.store.refusals import Refusal

# No dot but inside a name, and nothing else that a path means something by: no key leads out of the
# folder.
KEY = re.compile(r"[A-Za-z0-9_-]+(?:[./][A-Za-z0-9_-]+)*", re.ASCII)
LONGEST = 200  # below what file systems take


class Listed(NamedTuple):
    key: str
    size: int
    stored_at: float


class Objects:
    """The files are readable by their owner only."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._incoming = folder / "objects", folder / "incoming"
        shutil.rmtree(self._incoming, ignore_errors=True)  # of a run that was killed
        for one in (self._folder, self._incoming):
            one.mkdir(mode=0o700, parents=True, exist_ok=True)

    @contextmanager
    def new(self, key: str) -> Iterator[IO[bytes]]:
        """A file to write, which becomes the object at the end of the block."""
        path = self._path(key)
        with NamedTemporaryFile(dir=self._incoming, delete_on_close=False) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)

    @contextmanager
    def opened(self, key: str) -> Iterator[tuple[IO[bytes], int, float]]:
        """A file to read, its size, and since when it is there. Raises Refusal."""
        try:
            file = self._path(key).open("rb")
        except FileNotFoundError:
            raise Refusal(404, "NoSuchKey", "There is no such object.") from None
        with file:
            status = os.fstat(file.fileno())
            yield file, status.st_size, status.st_mtime

    def listed(self, prefix: str, after: str) -> list[Listed]:
        """In the order of their keys, from behind one."""
        return sorted(one for one in self._found(prefix) if one.key > after)

    def remove(self, key: str) -> None:
        """What is not there stays away."""
        self._path(key).unlink(missing_ok=True)

    def _found(self, prefix: str) -> Iterator[Listed]:
        for entry in os.scandir(self._folder):
            key = entry.name.replace("+", "/")
            if key.startswith(prefix):
                status = entry.stat()
                yield Listed(key, status.st_size, status.st_mtime)

    def _path(self, key: str) -> Path:
        if not KEY.fullmatch(key) or len(key) > LONGEST:
            raise Refusal(400, "InvalidArgument", "No object has such a key here.")
        return self._folder / key.replace("/", "+")
