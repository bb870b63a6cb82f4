"""What the environment sets, read once, on first use."""

import os
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from urllib.parse import urlsplit

LARGEST_UPLOAD = 5 * 1024**3  # what S3 takes by one POST
YEAR = 365 * 86_400
MANY = 10**9


class SettingInvalid(Exception):
    """A variable that this process needs is not set, or holds what it cannot."""


@dataclass(frozen=True)
class Settings:
    database_url: str
    database_iam: bool
    token_keys: tuple[bytes, ...]  # the first signs, each verifies
    session_idle: timedelta
    session_lifetime: timedelta
    sign_up: str
    sign_ups_per_hour: int
    tenant_creation: str
    tenants_per_day: int
    cors_origins: tuple[str, ...]
    attachments_bucket: str | None
    audit_bucket: str | None
    attachment_max_bytes: int
    log_level: str
    master_password: str | None
    app_password: str | None
    housekeeping_password: str | None
    admin_email: str | None
    admin_password: str | None
    in_lambda: bool


@lru_cache
def settings() -> Settings:
    """The process's settings. Raises SettingInvalid."""
    env = os.environ
    return Settings(
        database_url=_database_url("NEXUS_DATABASE_URL"),
        database_iam=env.get("NEXUS_DATABASE_IAM") == "1",
        token_keys=_keys("NEXUS_TOKEN_KEY"),
        session_idle=_span("NEXUS_SESSION_IDLE_SECONDS", 43_200),
        session_lifetime=_span("NEXUS_SESSION_LIFETIME_SECONDS", 2_592_000),
        sign_up=_one_of("NEXUS_SIGN_UP", "closed", "open"),
        sign_ups_per_hour=_number("NEXUS_SIGN_UPS_PER_HOUR", 20, 0, MANY),
        tenant_creation=_one_of("NEXUS_TENANT_CREATION", "root", "anyone"),
        tenants_per_day=_number("NEXUS_TENANTS_PER_DAY", 20, 0, MANY),
        cors_origins=tuple(
            filter(None, map(str.strip, env.get("NEXUS_CORS_ORIGINS", "").split(",")))
        ),
        attachments_bucket=env.get("NEXUS_ATTACHMENTS_BUCKET") or None,
        audit_bucket=env.get("NEXUS_AUDIT_BUCKET") or None,
        attachment_max_bytes=_number("NEXUS_ATTACHMENT_MAX_BYTES", 104_857_600, 1, LARGEST_UPLOAD),
        log_level=_one_of("NEXUS_LOG_LEVEL", "INFO", "DEBUG", "WARNING", "ERROR", "CRITICAL"),
        master_password=env.get("NEXUS_MASTER_PASSWORD") or None,
        app_password=env.get("NEXUS_APP_PASSWORD") or None,
        housekeeping_password=env.get("NEXUS_HOUSEKEEPING_PASSWORD") or None,
        admin_email=env.get("NEXUS_ADMIN_EMAIL") or None,
        admin_password=env.get("NEXUS_ADMIN_PASSWORD") or None,
        in_lambda="AWS_LAMBDA_FUNCTION_NAME" in env,
    )


def check_database_url(name: str, url: str) -> None:
    """Raises SettingInvalid, without quoting what may be a password's: who writes one as it is has
    a part of it where the port or the database should be."""
    try:
        parts = urlsplit(url)
        is_whole = parts.port != 0 and parts.netloc.count("@") == url.count("@") < 2
    except ValueError:
        is_whole = False
    if not is_whole or parts.scheme != "postgresql" or parts.query or parts.fragment:
        raise SettingInvalid(
            f"{name} is postgresql://user:password@host:port/database; of the password's"
            " characters :/?#[]@% are written as %3A and so on"
        )


def _database_url(name: str) -> str:
    url = os.environ.get(name)
    if not url:
        raise SettingInvalid(f"set {name}")
    check_database_url(name, url)
    return url


def _number(name: str, default: int, lowest: int, highest: int) -> int:
    text = os.environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and lowest <= int(text) <= highest):
        raise SettingInvalid(
            f"{name} is {text!r}; it is a whole number from {lowest} to {highest:,}"
        )
    return int(text)


def _span(name: str, default: int) -> timedelta:
    """Uses of a session are noted once a minute."""
    return timedelta(seconds=_number(name, default, 60, YEAR))


def _keys(name: str) -> tuple[bytes, ...]:
    text = os.environ.get(name)
    keys = [key.strip() for key in text.split(",")] if text else []
    if any(len(key) < 32 or not key.isascii() for key in keys):
        raise SettingInvalid(f"{name}: each key needs at least 32 ASCII characters")
    if len(keys) > 3 or len(set(keys)) < len(keys):
        raise SettingInvalid(f"{name} takes three keys at most, no two of them equal")
    return tuple(key.encode() for key in keys)


def _one_of(name: str, *values: str) -> str:
    value = os.environ.get(name) or values[0]
    if value not in values:
        raise SettingInvalid(f"{name} is {value!r}; it is one of {', '.join(values)}")
    return value
