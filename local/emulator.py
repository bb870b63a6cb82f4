"""An AWS of this machine: the emulator, and the PostgreSQL that stands for Aurora."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Never

import boto3
import psutil

from local.files import DataDirInUse, FolderLock, private, write_private
from local.ports import HOST, answers, is_free
from local.postgres import Postgres, PostgresFailed
from local.runnable import Runnable

DATABASE = "nexus"
START_SECONDS = 60
STOP_SECONDS = 20
REGION = "us-east-1"
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "emulator",
    "AWS_SECRET_ACCESS_KEY": "emulator",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


class EmulatorFailed(Exception):
    """The emulator did not do what it was started for; the message is for people."""


class Emulator(Runnable):
    """ministack on one port of this machine's own address; what it holds ends with it."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder.absolute()
        self.port = port
        self.log = self.folder / "emulator.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self.port}"

    def start(self) -> None:
        """Starts it and returns when it answers."""
        if not is_free(self.port):
            raise EmulatorFailed(f"Port {self.port} is taken; set EMULATOR_PORT to another one.")
        scratch = self.folder / "scratch"
        scratch.mkdir(parents=True, exist_ok=True)
        with open(self.log, "wb", opener=private) as log:
            self._process = subprocess.Popen(
                _tied_to_us([sys.executable, "-m", "ministack"]),
                cwd=scratch,  # the functions must find their layers, not this folder's code
                env=self._environment(scratch),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if not answers(self.port, lambda: self.is_running, START_SECONDS):
            self.stop()
            raise EmulatorFailed(f"The emulator did not start (log: {self.log}).")

    def stop(self) -> None:
        """Stops it and the functions that it runs; harmless when it is not running."""
        if self._process is not None:
            _end(psutil.Process(self._process.pid), self._process)
            self._process = None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def wait(self) -> None:
        """Returns when it has ended by itself."""
        if self._process is not None:
            self._process.wait()

    def _environment(self, scratch: Path) -> dict[str, str]:
        own = ("PYTHON", "NEXUS_", "AWS_", "DOCKER_", "PORT")
        env = {name: value for name, value in os.environ.items() if not name.startswith(own)}
        return env | {
            "BIND_HOST": HOST,
            "GATEWAY_PORT": str(self.port),
            "IOT_MTLS_ENABLED": "0",  # it would listen on all addresses
            "LAMBDA_EXECUTOR": "local",
            "LOG_LEVEL": "WARNING",
            "TMPDIR": str(scratch),
        }


def client(service: str, endpoint: str) -> Any:
    """A client of one of the emulator's services."""
    return boto3.client(  # type: ignore[call-overload]
        service,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    )


def serve(folder: Path, port: int) -> None:
    """Runs PostgreSQL and the emulator until a signal comes; tells where in `running.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = FolderLock(folder)
    lock.acquire()
    running = folder / "running.json"
    with Postgres(folder / "postgres") as postgres, Emulator(folder, port) as emulator:
        if not postgres.has_database(DATABASE):
            postgres.create_database(DATABASE)
        state = {"pid": os.getpid(), "endpoint": emulator.endpoint, "database": postgres.url()}
        write_private(running, json.dumps(state))
        try:
            emulator.wait()
        finally:
            running.unlink(missing_ok=True)


def running(folder: Path) -> dict[str, Any] | None:
    """What `serve` tells, as long as it lives."""
    try:
        state: dict[str, Any] = json.loads((folder / "running.json").read_text())
        process = psutil.Process(state["pid"])
        return state if "local.emulator" in process.cmdline() else None
    except (FileNotFoundError, ValueError, psutil.Error):
        return None


def _tied_to_us(program: list[str]) -> list[str]:
    """A killed parent leaves no emulator on the port."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--", *program] if setpriv else program


def _end(process: psutil.Process, popen: "subprocess.Popen[bytes] | None" = None) -> None:
    """The process and what it started; a function may be in the middle of a request."""
    try:
        everyone = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    for one in everyone:
        _send(one, signal.SIGTERM)
    for one in psutil.wait_procs(everyone, timeout=STOP_SECONDS)[1]:
        _send(one, signal.SIGKILL)
    if popen is not None:
        popen.wait()


def _send(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return


def _leave(*_: object) -> Never:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise SystemExit(0)


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    try:
        serve(Path(sys.argv[1]), int(sys.argv[2]))
    except (DataDirInUse, EmulatorFailed, PostgresFailed) as failure:
        sys.exit(str(failure))
