"""How the master user signs in: by its password, and in AWS by IAM from its second time on."""

import os
import ssl
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from nexus.settings import settings

# Where Lambda's runtime keeps the authorities of RDS beside the public ones
# (docs.aws.amazon.com/lambda, "Using AWS Lambda with Amazon RDS").
AUTHORITIES = Path("/var/runtime/ca-cert.pem")
REFUSED = "28"  # how the SQLSTATEs of a sign-in that fails begin
ROLES = ("nexus_app", "nexus_housekeeping")


def connect(url: URL) -> Connection:
    """A session of the master's. Raises DBAPIError or OSError."""
    if not settings().database_iam:
        return sign_in(url, [url.password])
    from nexus.db import iam

    address = f"{url.host}:{url.port or 5432}"
    token = iam.token(address, url.username or "", os.environ["AWS_REGION"])
    return sign_in(url, [token, settings().master_password], _verified())


def sign_in(
    url: URL, passwords: Sequence[str | None], tls: ssl.SSLContext | None = None
) -> Connection:
    """With the first password that is taken; without `tls` as the server wants it."""
    *others, last = passwords
    for password in others:
        try:
            return _connect(url, password, tls)
        except DBAPIError as error:
            if not sqlstate_of(error).startswith(REFUSED):
                raise
    return _connect(url, last, tls)


def let_iam_in(connection: Connection) -> None:
    """The role that RDS knows by this name takes tokens of IAM for those who are in it, and no
    passwords from then on."""
    for role in (*ROLES, connection.scalar(text("SELECT current_user"))):
        connection.exec_driver_sql(f"GRANT rds_iam TO {role}")


def sqlstate_of(error: DBAPIError) -> str:
    said = error.orig.args[0] if error.orig is not None and error.orig.args else None
    return str(said.get("C", "")) if isinstance(said, dict) else ""


def _connect(url: URL, password: str | None, tls: ssl.SSLContext | None) -> Connection:
    whole = url.set(drivername="postgresql+pg8000", password=password)
    return create_engine(
        whole, poolclass=NullPool, connect_args={"ssl_context": tls} if tls else {}
    ).connect()


def _verified() -> ssl.SSLContext:
    context = ssl.create_default_context()
    if AUTHORITIES.exists():
        context.load_verify_locations(AUTHORITIES)
    return context
