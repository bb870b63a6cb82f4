"""Signing in to RDS Proxy with IAM: a token that lives 15 minutes, signed at every connect."""

import os
import ssl
from functools import lru_cache

from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import NoCredentialsError
from botocore.session import Session
from sqlalchemy import Engine, make_url

from nexus import pg
from nexus.db.deadline import time_left

SECONDS = 900


def create_engine(url: str) -> Engine:
    """An engine over verified TLS. Imported where IAM is on only: botocore costs 0.1 s."""
    target = make_url(url)
    address = f"{target.host}:{target.port or 5432}"
    # RDS Proxy's certificate comes from Amazon's public authorities, which the system trusts.
    return pg.create_engine(
        url,
        time_left=time_left,
        ssl_context=ssl.create_default_context(),
        password=lambda: token(address, target.username or "", os.environ["AWS_REGION"]),
    )


def token(address: str, user: str, region: str) -> str:
    """What stands for a password: a link that is signed and never followed. A client of boto3's
    would make the same, and load the description of all of RDS for it. Raises NoCredentialsError.
    """
    credentials = session().get_credentials()
    if credentials is None:
        raise NoCredentialsError
    asked = {"Action": "connect", "DBUser": user}
    request = AWSRequest("GET", f"https://{address}/", params=asked)
    SigV4QueryAuth(credentials, "rds-db", region, expires=SECONDS).add_auth(request)
    return str(request.url).removeprefix("https://")


@lru_cache
def session() -> Session:
    """It keeps a role's credentials, and asks for new ones before they end."""
    return Session()
