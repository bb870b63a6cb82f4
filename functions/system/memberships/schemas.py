"""What bodies and answers about memberships are made of."""

from typing import Annotated, Self

from pydantic import StringConstraints, model_validator

from nexus.emails import Email
from nexus.records.schemas import Body, Id, TenantRead

ONE_OF = ("user_id", "username", "email", "member_group_id")
Folded = Annotated[
    str, StringConstraints(to_lower=True, strip_whitespace=True, min_length=1, max_length=254)
]


class MembershipRead(TenantRead):
    group_id: str
    user_id: str | None
    member_group_id: str | None


class MembershipCreate(Body):
    """A user of the tenant by id, any user by exact username or email, or a group to nest."""

    user_id: Id | None = None
    username: Folded | None = None
    email: Email | None = None
    member_group_id: Id | None = None

    @model_validator(mode="after")
    def one_member(self) -> Self:
        if sum(getattr(self, name) is not None for name in ONE_OF) != 1:
            raise ValueError(f"give exactly one of {', '.join(ONE_OF)}")
        return self
