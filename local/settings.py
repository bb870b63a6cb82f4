"""What the environment says about `make run`, and the secrets that one data folder keeps."""

import ctypes
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self
from urllib.parse import quote, urlsplit

from local.files import write_private
from local.refusal import Refused

APP_ROLE = "nexus_app"
JOBS_ROLE = "nexus_housekeeping"
# What is closed where it is deployed and open on one's own machine.
OPEN_DOORS = {
    "NEXUS_SIGN_UP": "open",
    "NEXUS_SIGN_UPS_PER_HOUR": "0",
    "NEXUS_TENANT_CREATION": "anyone",
    "NEXUS_TENANTS_PER_DAY": "0",
}


class SettingRefused(Refused):
    """A variable holds what it cannot."""


@dataclass(frozen=True)
class RunSettings:
    """The variables of `make run`."""

    port: int
    data_dir: Path
    demo: bool
    admin_email: str
    admin_password: str | None
    database_url: str | None
    workers: int

    @classmethod
    def from_environment(cls) -> Self:
        """Takes the secrets out of the environment. Raises SettingRefused."""
        env, email = os.environ, _email_address()
        return cls(
            port=whole_number("PORT", 8000, 0, 65535),
            data_dir=Path(env.get("NEXUS_DATA_DIR") or ".local").absolute(),
            demo=whole_number("NEXUS_DEMO", 1, 0, 1) == 1,
            admin_email=email,
            admin_password=_password(email),
            database_url=_database_url(),
            workers=whole_number("WORKERS", 4, 1, 64),
        )


@dataclass(frozen=True)
class Secrets:
    """Made up when the data folder is fresh; the same at every start on it."""

    token_key: str
    app_password: str
    housekeeping_password: str

    @classmethod
    def of(cls, data_dir: Path) -> Self:
        """Reads the folder's secrets, or makes them up."""
        path = data_dir / "secrets.json"
        if not path.exists():
            made_up = cls(*(secrets.token_urlsafe(32) for _ in range(3)))
            write_private(path, json.dumps(asdict(made_up), indent=2) + "\n")
        return cls(**json.loads(path.read_text()))


def open_doors() -> None:
    """Let the apps of this process and its children be open, where nothing else was said."""
    os.environ.update({**OPEN_DOORS, **os.environ})


def take(name: str) -> str | None:
    """A secret's value, which no child is given from now on. Forked ones show what this process
    began with, so that it is wiped there too."""
    libc = ctypes.CDLL(None)
    libc.getenv.restype = ctypes.c_void_p
    place = libc.getenv(name.encode())
    if not place:
        return None
    ctypes.memset(place, 0, len(ctypes.string_at(place)))
    return os.environ.pop(name) or None


def as_role(url: str, role: str, password: str) -> str:
    """The same database as another role."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{role}:{quote(password, safe='')}@{place}").geturl()


def _database_url() -> str | None:
    url = take("DATABASE_URL")
    if url is None:
        return None
    from nexus.settings import SettingInvalid, check_database_url

    url = url.replace("postgres://", "postgresql://", 1)
    try:
        check_database_url("DATABASE_URL", url)
    except SettingInvalid as refused:
        raise SettingRefused(f"{refused}.") from None
    return url


def _email_address() -> str:
    address = os.environ.get("NEXUS_ADMIN_EMAIL") or "administrator@nexus.example"
    if not all(address.partition("@")):
        raise SettingRefused(f"NEXUS_ADMIN_EMAIL is {address!r}; it is an email address.")
    return address


def _password(email: str) -> str | None:
    password = take("NEXUS_ADMIN_PASSWORD")
    return password and checked_password("NEXUS_ADMIN_PASSWORD", password, "administrator", email)


def checked_password(told: str, password: str, username: str, email: str) -> str:
    """Raises SettingRefused for what the API would not take either."""
    from nexus.access.passwords import weakness

    if not 12 <= len(password) <= 1024:
        raise SettingRefused(f"{told} needs 12 to 1,024 characters.")
    if wrong := weakness(password, username, email):
        raise SettingRefused(f"{told} {wrong}.")
    return password


def whole_number(name: str, default: int, lowest: int, highest: int) -> int:
    """Of the environment. Raises SettingRefused."""
    value = os.environ.get(name) or str(default)
    if not value.isdecimal() or not lowest <= int(value) <= highest:
        raise SettingRefused(f"{name} is {value!r}; it is a number from {lowest} to {highest}.")
    return int(value)
