"""Who may sign in, and the groups they belong to."""

import secrets

from local.demo.ids import make
from local.demo.session import DOMAIN, Demo
from system.groups import GroupCreate, Groups
from system.memberships.schemas import MembershipCreate
from system.memberships.service import Memberships
from system.users.schemas import UserCreate
from system.users.service import Users

USERS = (
    ("a.okafor", "Amara Okafor", "Technology"),
    ("b.lindqvist", "Benedikt Lindqvist", "Help Desk"),
    ("c.moretti", "Chiara Moretti", "Help Desk"),
    ("d.volkov", "Dmitri Volkov", "Network Team"),
    ("e.yilmaz", "Elif Yılmaz", "Network Team"),  # noqa: RUF001 - it is her name
    ("f.haddad", "Fatima Haddad", "Facilities"),
    ("g.nakamura", "Grace Nakamura", "Facilities"),
    ("h.ibanez", "Héctor Ibáñez", "Lakeside Elementary"),
    ("i.sorensen", "Ingrid Sørensen", "Lakeside Middle"),
    ("j.whitaker", "Jamal Whitaker", "Lakeside High"),
)
NESTED_GROUPS: dict[str, tuple[str, ...]] = {
    "Technology": ("Help Desk", "Network Team"),
    "Facilities": (),
    "Schools": ("Harbor Elementary", "Lakeside Elementary", "Lakeside Middle", "Lakeside High"),
}


def users(demo: Demo) -> None:
    """Users that nobody can sign in as until an administrator sets their password."""
    for username, full_name, _ in USERS:
        body = UserCreate(
            username=username,
            email=f"{username}@{DOMAIN}",
            full_name=full_name,
            password=secrets.token_urlsafe(32),
        )
        demo.users[username] = make(Users(demo.scope), username, body)


def groups(demo: Demo) -> None:
    """Departments, the groups in them, and who belongs to which."""
    for name, inner in NESTED_GROUPS.items():
        for each in (name, *inner):
            demo.groups[each] = Groups(demo.scope).create(GroupCreate(name=each).model_dump())
        for each in inner:
            _add(demo, name, MembershipCreate(member_group_id=demo.groups[each]["id"]))
    for username, _, group in USERS:
        _add(demo, group, MembershipCreate(user_id=demo.users[username]["id"]))


def _add(demo: Demo, group: str, member: MembershipCreate) -> None:
    within = {"group_id": demo.groups[group]["id"]}
    Memberships(demo.scope, within).create(member.model_dump())
