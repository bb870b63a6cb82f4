"""Made-up people and tenants: every test gets fresh ones instead of a roll-back."""

import itertools
import secrets
from dataclasses import dataclass

import httpx

from tests.support.api import Api, Json, connect

ADDRESSES = itertools.count(2)


def unique(word: str) -> str:
    return f"{word} {secrets.token_hex(5)}"


def made_up_password() -> str:
    return secrets.token_urlsafe(15)


def person() -> Json:
    name = f"u{secrets.token_hex(6)}"
    return {
        "username": name,
        "email": f"{name}@example.org",
        "password": made_up_password(),
        "full_name": f"Person {name}",
    }


@dataclass(frozen=True)
class Tenant:
    """A tenant, its administrator and a member of its `users` group, both with it selected."""

    id: str
    name: str
    admin: Api
    member: Api

    def group(self, kind: str) -> Json:
        (group,) = self.admin.items("/groups", kind=kind)
        return group

    def new_group(self, word: str = "Group") -> Json:
        group: Json = self.admin.post("/groups", {"name": unique(word)})
        return group

    def add(self, group: Json, **member: str) -> Json:
        membership: Json = self.admin.post(f"/groups/{group['id']}/memberships", member)
        return membership

    def join(self, user: Api, group: Json | None = None) -> Json:
        """A user of elsewhere is invited, and accepts."""
        invitation = self.add(group or self.group("users"), username=user.user["username"])
        user.within(None).act(f"/me/invitations/{invitation['id']}/accept")
        return invitation


@dataclass(frozen=True)
class World:
    """The running API and how to fill it."""

    base_url: str
    http: httpx.Client
    root: Api

    def stranger(self) -> Api:
        return Api(self.http)

    def elsewhere(self) -> httpx.Client:
        """Connections from an address nobody else calls from."""
        number = next(ADDRESSES)
        return connect(self.base_url, f"127.1.{number // 250}.{number % 250 + 1}")

    def sign_up(self, **given: str) -> Api:
        body = {**person(), **given}
        answer = self.stranger().post("/me/signup", body)
        return Api(self.http, answer["access_token"], None, answer["user"], body["password"])

    def sign_in(self, username: str, password: str) -> Api:
        form = {"username": username, "password": password}
        answer = self.stranger().expect(200, "POST", "/me/signin", data=form).json()
        return Api(self.http, answer["access_token"], None, answer["user"], password)

    def again(self, caller: Api) -> Api:
        """Another session of the same user."""
        session = self.sign_in(caller.user["username"], caller.password)
        return session.within(caller.tenant_id)

    def new_user(self, admin: Api) -> Api:
        """A member of the `users` group of the tenant that `admin` has selected."""
        body = person()
        admin.post("/users", body)
        return self.sign_in(body["username"], body["password"]).within(admin.tenant_id)

    def new_tenant(self, admin: Api | None = None) -> Tenant:
        admin = admin or self.sign_up()
        tenant = admin.post("/tenants", {"name": unique("Tenant")})
        admin = admin.within(tenant["id"])
        return Tenant(tenant["id"], tenant["name"], admin, self.new_user(admin))

    def new_admin(self, tenant: Tenant) -> Api:
        user = self.new_user(tenant.admin)
        tenant.add(tenant.group("administrators"), user_id=user.user["id"])
        return user
