"""What answers about sessions are made of."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from nexus.records.schemas import Body, Read
from system.users.schemas import GivenPassword, UserRead


class SessionRead(Read):
    user_id: str
    tenant_id: str | None
    project_id: str | None
    last_used_at: datetime
    expires_at: datetime
    ip: str | None
    user_agent: str | None
    current: bool


GRANT_TYPE = "password"
Ignored = Annotated[str, StringConstraints(max_length=1024)]


class PasswordGrant(Body):
    """The form of the OAuth2 password grant (RFC 6749, 4.3). Clients need not be known: what they
    say of themselves is not looked at, and neither is a scope."""

    grant_type: Annotated[str, Field(json_schema_extra={"enum": [GRANT_TYPE]})] = GRANT_TYPE
    username: Annotated[
        str, StringConstraints(max_length=320), Field(description="Or the email address")
    ]
    password: GivenPassword
    scope: Ignored = ""
    client_id: Ignored = ""
    client_secret: Ignored = ""


class SignedIn(BaseModel):
    access_token: str
    token_type: str
    expires_in: int
    user: UserRead
