"""What a program of this folder cannot do, said in one line for people."""

import time
from collections.abc import Callable

RELEASE_SECONDS = 15  # longer than the processes of a killed run take to end


class Refused(Exception):
    """Ends the program with its message and no traceback."""


def once_free[T](take: Callable[[], T], taken: type[Refused]) -> T:
    """Takes what a killed run may still hold, for a moment. Raises `taken` if it stays so."""
    deadline = time.monotonic() + RELEASE_SECONDS
    is_told = False
    while True:
        try:
            return take()
        except taken as refused:
            if time.monotonic() > deadline:
                raise
            if not is_told:
                print(f"{refused} Waiting: a killed run may be letting it go ...", flush=True)
                is_told = True
        time.sleep(0.05)
