"""A real PgBouncer before a PostgreSQL, in the mode that RDS Proxy resembles."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from local.files import write_private
from local.ports import HOST, answers, free_port
from local.refusal import Refused
from local.runnable import Runnable
from local.unprivileged import command, hand_over

START_SECONDS = 10
STOP_SECONDS = 10


class PoolerFailed(Refused):
    """PgBouncer is missing or did not start."""


class Pooler(Runnable):
    """PgBouncer on a free port; `roles` may pass, with these passwords on both sides."""

    def __init__(
        self,
        server_url: str,
        roles: Mapping[str, str],
        pool_mode: str = "transaction",
        default_pool_size: int = 4,
    ) -> None:
        self.port = 0
        self._server = urlsplit(server_url)
        self._roles = dict(roles)
        self._options = {"pool_mode": pool_mode, "default_pool_size": str(default_pool_size)}
        self._folder = Path()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts PgBouncer and returns when it listens."""
        program = find_pgbouncer()
        self.port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="nexus-pgbouncer-"))
        self._configure()
        self._process = subprocess.Popen(
            command([program, str(self._folder / "pgbouncer.ini")], [self._folder]),
            env={},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        if not answers(self.port, self._is_alive, START_SECONDS):
            log = (self._folder / "log").read_text(errors="replace")
            self.stop()
            raise PoolerFailed(f"PgBouncer did not start: {log.strip()[-300:]}")

    def stop(self) -> None:
        """Stops PgBouncer at once; harmless when it is not running."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
        shutil.rmtree(self._folder)

    @property
    def pid(self) -> int:
        """The process, which takes PgBouncer's signals."""
        return int((self._folder / "pid").read_text())

    def url(self, user: str, password: str, database: str) -> str:
        """The URL of a database behind the pooler."""
        return f"postgresql://{quote(user, '')}:{quote(password, '')}@{HOST}:{self.port}/{database}"

    def _is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def _configure(self) -> None:
        write_private(self._folder / "users", _user_list(self._roles))
        write_private(self._folder / "pgbouncer.ini", self._ini())
        (self._folder / "log").touch()
        hand_over(self._folder)

    def _ini(self) -> str:
        server = f"host={self._server.hostname} port={self._server.port or 5432}"
        settings = self._options | {
            "listen_addr": HOST,
            "listen_port": str(self.port),
            "unix_socket_dir": "",
            "auth_type": "scram-sha-256",
            "auth_file": str(self._folder / "users"),
            "logfile": str(self._folder / "log"),
            "pidfile": str(self._folder / "pid"),
            "max_client_conn": "500",
            "server_login_retry": "1",  # a server that is back is not waited for any longer
        }
        lines = [f"{name} = {value}" for name, value in settings.items()]
        return "\n".join(["[databases]", f"* = {server}", "[pgbouncer]", *lines, ""])


def find_pgbouncer() -> str:
    """The program's path; Debian keeps it where an ordinary user's PATH does not look."""
    path = os.environ.get("PATH", os.defpath) + os.pathsep + "/usr/sbin"
    program = shutil.which("pgbouncer", path=path)
    if program is None:
        raise PoolerFailed("PgBouncer is not installed: apt-get install pgbouncer")
    return program


def role_of(url: str) -> dict[str, str]:
    """The role and password in a URL, as `roles` wants them."""
    parts = urlsplit(url)
    return {unquote(parts.username or ""): unquote(parts.password or "")}


def _user_list(roles: Mapping[str, str]) -> str:
    quoted = {_quote(user): _quote(password) for user, password in roles.items()}
    return "".join(f"{user} {password}\n" for user, password in quoted.items())


def _quote(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
