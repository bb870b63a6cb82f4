"""What bodies and answers about memberships are made of."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from nexus.emails import Email
from nexus.records.schemas import Body, Id, Read, TenantRead

ONE_OF = ("user_id", "username", "email", "member_group_id")
Folded = Annotated[
    str, StringConstraints(to_lower=True, strip_whitespace=True, min_length=1, max_length=254)
]


class MembershipRead(TenantRead):
    group_id: str
    user_id: str | None
    member_group_id: str | None
    accepted_at: datetime | None = Field(description="Null: an invitation, which counts nowhere")
    invited_by_id: str | None
    invited_as: str | None = Field(description="The name that was invited")


class InvitationRead(Read):
    """A membership that waits for the caller."""

    tenant_id: str
    tenant_name: str
    group_id: str
    group_name: str
    invited_by_id: str | None
    invited_by: str | None = Field(description="Their username")


class MembershipCreate(Body):
    """A user of the tenant by id, or a group to nest; anybody else is invited, by exact username
    or, where signing up is closed, by exact email."""

    user_id: Id | None = None
    username: Folded | None = None
    email: Email | None = None
    member_group_id: Id | None = None

    @model_validator(mode="after")
    def one_member(self) -> Self:
        if sum(getattr(self, name) is not None for name in ONE_OF) != 1:
            raise ValueError(f"give exactly one of {', '.join(ONE_OF)}")
        return self
