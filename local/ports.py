"""TCP ports of this machine's own address."""

import socket
import time
from collections.abc import Callable

from local.refusal import Refused

HOST = "127.0.0.1"


def is_free(port: int) -> bool:
    """Whether a server could listen on the port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


class PortTaken(Refused):
    """Another program listens on the port."""

    def __init__(self, port: int) -> None:
        super().__init__(f"Port {port} is taken; stop what listens there, or set PORT=another.")


def reserve(port: int) -> socket.socket:
    """Binds the port without listening yet: a second run is refused before it does anything."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError:
        listener.close()
        raise PortTaken(port) from None
    return listener


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def answers(port: int, is_alive: Callable[[], bool], seconds: float) -> bool:
    """Waits until something listens on the port, for as long as its process is alive."""
    deadline = time.monotonic() + seconds
    while is_alive() and time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return True
        time.sleep(0.02)
    return False
