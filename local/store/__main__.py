"""`python -m local.store FOLDER DESCRIPTOR`: serves on an open socket until stdin ends."""

import socket
import sys
from pathlib import Path
from threading import Thread

from local.store import AUDIT_BUCKET, BUCKET
from local.store.objects import Objects
from local.store.process import secret_of
from local.store.server import Server
from local.store.signatures import Signatures


def main(folder: Path, descriptor: int) -> None:
    """The other end of stdin is held by the process that started this one."""
    listener = socket.socket(fileno=descriptor)
    buckets = {BUCKET: Objects(folder), AUDIT_BUCKET: Objects(folder / AUDIT_BUCKET)}
    server = Server(listener, buckets, Signatures(secret_of(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
