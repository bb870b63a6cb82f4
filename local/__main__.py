"""`make run`: PostgreSQL, the migrations, demo data and the API, with one command."""

import signal
import sys
from typing import Never

from local.ports import PortTaken, reserve
from local.refusal import Refused, once_free
from local.settings import RunSettings


def main() -> None:
    """Runs until Ctrl-C or SIGTERM."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    settings = RunSettings.from_environment()
    with once_free(lambda: reserve(settings.port), PortTaken) as listener:
        from local.run import run  # imports much: a wrong setting is told before

        run(settings, listener)
    print("Nexus has stopped.", flush=True)


def _leave(*_: object) -> Never:
    """Unwinds what has been started; a second signal does not interrupt that."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise SystemExit(0)


if __name__ == "__main__":
    try:
        main()
    except Refused as refusal:
        sys.exit(f"nexus: {refusal}")
