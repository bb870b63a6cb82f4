"""What answers about sessions are made of."""

from datetime import datetime

from pydantic import BaseModel

from nexus.records.schemas import Read
from system.users.schemas import UserRead


class SessionRead(Read):
    user_id: str
    tenant_id: str | None
    project_id: str | None
    last_used_at: datetime
    expires_at: datetime
    ip: str | None
    user_agent: str | None
    current: bool


class SignedIn(BaseModel):
    access_token: str
    token_type: str
    expires_in: int
    user: UserRead
