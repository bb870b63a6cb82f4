"""Who may sign in, and the groups they belong to."""

import secrets

from local.demo.session import DOMAIN, Demo

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


async def users(demo: Demo) -> None:
    """Users that nobody can sign in as until an administrator sets their password."""
    for username, full_name, _ in USERS:
        demo.users[username] = await demo.post(
            "/users",
            username=username,
            email=f"{username}@{DOMAIN}",
            full_name=full_name,
            password=secrets.token_urlsafe(32),
        )


async def groups(demo: Demo) -> None:
    """Departments, the groups in them, and who belongs to which."""
    for name, inner in NESTED_GROUPS.items():
        for each in (name, *inner):
            demo.groups[each] = await demo.post("/groups", name=each)
        for each in inner:
            await _add(demo, name, member_group_id=demo.groups[each]["id"])
    for username, _, group in USERS:
        await _add(demo, group, user_id=demo.users[username]["id"])


async def _add(demo: Demo, group: str, **member: str) -> None:
    await demo.post(f"/groups/{demo.groups[group]['id']}/memberships", **member)
