"""What the environment sets, read once, on first use."""

import os
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

LARGEST_UPLOAD = 5 * 1024**3  # what S3 takes by one POST


class SettingInvalid(Exception):
    """A variable that this process needs is not set, or holds what it cannot."""


@dataclass(frozen=True)
class Settings:
    database_url: str
    database_iam: bool
    token_key: bytes
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
        database_url=_required("NEXUS_DATABASE_URL"),
        database_iam=env.get("NEXUS_DATABASE_IAM") == "1",
        token_key=_key(env.get("NEXUS_TOKEN_KEY", "")),
        session_idle=_seconds("NEXUS_SESSION_IDLE_SECONDS", 43_200),
        session_lifetime=_seconds("NEXUS_SESSION_LIFETIME_SECONDS", 2_592_000),
        sign_up=_one_of("NEXUS_SIGN_UP", "closed", "open"),
        sign_ups_per_hour=_number("NEXUS_SIGN_UPS_PER_HOUR", 20),
        tenant_creation=_one_of("NEXUS_TENANT_CREATION", "root", "anyone"),
        tenants_per_day=_number("NEXUS_TENANTS_PER_DAY", 20),
        cors_origins=tuple(
            filter(None, map(str.strip, env.get("NEXUS_CORS_ORIGINS", "").split(",")))
        ),
        attachments_bucket=env.get("NEXUS_ATTACHMENTS_BUCKET") or None,
        audit_bucket=env.get("NEXUS_AUDIT_BUCKET") or None,
        attachment_max_bytes=_bytes("NEXUS_ATTACHMENT_MAX_BYTES", 104_857_600),
        log_level=_one_of("NEXUS_LOG_LEVEL", "INFO", "DEBUG", "WARNING", "ERROR", "CRITICAL"),
        app_password=env.get("NEXUS_APP_PASSWORD") or None,
        housekeeping_password=env.get("NEXUS_HOUSEKEEPING_PASSWORD") or None,
        admin_email=env.get("NEXUS_ADMIN_EMAIL") or None,
        admin_password=env.get("NEXUS_ADMIN_PASSWORD") or None,
        in_lambda="AWS_LAMBDA_FUNCTION_NAME" in env,
    )


def _required(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise SettingInvalid(f"set {name}")
    return value


def _seconds(name: str, default: int) -> timedelta:
    text = os.environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 10**9):
        raise SettingInvalid(f"{name} is {text!r}; it is a whole number of seconds")
    return timedelta(seconds=int(text))


def _number(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and int(text) < 10**9):
        raise SettingInvalid(f"{name} is {text!r}; it is a whole number, 0 for no limit")
    return int(text)


def _bytes(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= LARGEST_UPLOAD):
        raise SettingInvalid(
            f"{name} is {text!r}; it is a number of bytes, {LARGEST_UPLOAD:,} at most"
        )
    return int(text)


def _key(value: str) -> bytes:
    if value and len(value) < 32:
        raise SettingInvalid("NEXUS_TOKEN_KEY needs at least 32 characters")
    return value.encode()


def _one_of(name: str, *values: str) -> str:
    value = os.environ.get(name) or values[0]
    if value not in values:
        raise SettingInvalid(f"{name} is {value!r}; it is one of {', '.join(values)}")
    return value
