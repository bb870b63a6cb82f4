"""A group with its members, users to invite and to deactivate, tenants to join and to leave."""

import secrets

from local.demo.ids import id_of, make
from local.demo.issues import HEAD
from local.demo.session import DOMAIN, Demo
from system.groups import GroupCreate, Groups
from system.me.service import Me
from system.memberships.invitations import Invitations
from system.memberships.schemas import MembershipCreate
from system.memberships.service import Memberships
from system.tenants.schemas import TenantCreate
from system.tenants.service import Tenants
from system.users.schemas import UserCreate
from system.users.service import Users


def access(demo: Demo) -> None:
    _user(demo, "t.novak", "Tereza Novák")
    lending = GroupCreate(name="Device Lending", description="Hands out and takes back devices.")
    make(Groups(demo.scope), "group", lending)
    make(Groups(demo.scope), "group2", GroupCreate(name="Summer Helpers"))
    make(Groups(demo.scope), "group3", GroupCreate(name="Repair Corner"))
    member = MembershipCreate(user_id=id_of("c.moretti"))
    make(Memberships(demo.scope, {"group_id": id_of("group")}), "membership", member)


def other_tenants(demo: Demo) -> None:
    """One that the administrator has joined, with two more invitations, and one of theirs alone."""
    district = demo.scope.tenant_id
    username = Me(demo.scope).find("", "username")["username"]
    make(Tenants(demo.scope), "program", TenantCreate(name="Lakeside Summer Program"))
    with demo.acting(HEAD) as scope:
        make(Tenants(scope), "library", TenantCreate(name="Lakeside Public Library"))
        _user(demo, "m.reyes", "Marisol Reyes")  # whom the district may invite
        for number, name in enumerate(("Reading Room", "IT Partners", "Story Hour"), 1):
            group = Groups(scope).create(GroupCreate(name=name).model_dump())
            invited = MembershipCreate(username=username)
            make(Memberships(scope, {"group_id": group["id"]}), f"invitation{number}", invited)
    Invitations(demo.scope).accept(id_of("invitation1"))
    demo.scope.enter(tenant_id=district)


def _user(demo: Demo, username: str, full_name: str) -> None:
    """Nobody can sign in as them until an administrator sets their password."""
    body = UserCreate(
        username=username,
        email=f"{username}@{DOMAIN}",
        full_name=full_name,
        password=secrets.token_urlsafe(32),
    )
    make(Users(demo.scope), username, body)
