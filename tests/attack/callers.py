"""A user for each of the callers that infra/rights.py names, with a tenant to ask for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import httpx

from tests.attack.samples import Ids, Operation
from tests.support.api import Api
from tests.support.makers import MAKERS, id_of_new, ids_for, in_path
from tests.support.people import World
from tests.support.sample_tenant import SampleTenant, sample_tenant

LEFT = 204


@dataclass(frozen=True)
class Scene:
    """A tenant that lives and one that is archived, and who asks for what is in them."""

    world: World
    live: SampleTenant
    archived: SampleTenant
    callers: Mapping[str, Api]

    def ask(self, name: str, operation: Operation, *, may: bool) -> httpx.Response:
        """Who may is given records that nothing else is asked of: they may well be gone then."""
        caller, tenant = self.callers[name], self.asked(name)
        ids = self.live.ids
        if may and operation.method != "GET":
            ids = ids_for(self.live.admin, operation.path, {"tenant_id": self.live.id})
        sent = operation.sent(replace(self.live, id=tenant.id), ids)
        if tenant is self.archived:
            ids = tenant.ids
        if may and operation.path in OWN:
            ids = {**ids, **OWN[operation.path](self, caller)}
        if may and operation.path == "/me/signout":
            caller = self.world.again(caller)
        return caller.send(operation.method, in_path(operation.path, ids), **sent)

    def asked(self, name: str) -> SampleTenant:
        """The tenant that a caller asks for."""
        return self.archived if name.endswith("of the archived tenant") else self.live

    def put_back(self) -> None:
        """What an operation that was allowed has made of the tenants, and of who was in none."""
        alone = self.callers["a user of no tenant"]
        for tenant in alone.items("/me/tenants"):
            if alone.send("DELETE", f"/me/tenants/{tenant['id']}").status_code != LEFT:
                alone.delete(f"/tenants/{tenant['id']}")  # the last administrator does not leave
        self.live.admin.act(f"/tenants/{self.live.id}/restore")
        self.archived.admin.act(f"/tenants/{self.archived.id}/archive")


def invited(scene: Scene, caller: Api) -> Ids:
    other = scene.world.new_tenant()
    invitation = other.add(other.group("users"), username=caller.user["username"])
    return {"tenant_id": other.id, "membership_id": invitation["id"]}


def joined(scene: Scene, caller: Api) -> Ids:
    ids = invited(scene, caller)
    caller.within(None).act(f"/me/invitations/{ids['membership_id']}/accept")
    return ids


def said(scene: Scene, caller: Api) -> Ids:
    """What an archived tenant has is not added to."""
    if caller.tenant_id == scene.archived.id:
        return {}
    ids = ids_for(scene.live.admin, "/issues/{issue_id}")
    return {**ids, "comment_id": MAKERS["comment_id"].new(caller, ids)["id"]}


def watched(scene: Scene, caller: Api) -> Ids:
    if caller.tenant_id == scene.archived.id:
        return {}
    return {"issue_id": id_of_new("issue_id", caller), "user_id": caller.user["id"]}


def selected(scene: Scene, caller: Api) -> Ids:
    if caller.tenant_id == scene.live.id:
        caller.act("/me/current-project", {"project_id": scene.live.ids["project_id"]})
    return {}


# The records that are the caller's own, where those of the tenant are nothing to them.
OWN: Mapping[str, Callable[[Scene, Api], Ids]] = {
    "/me/invitations/{membership_id}/accept": invited,
    "/me/invitations/{membership_id}/decline": invited,
    "/me/tenants/{tenant_id}": joined,
    "/me/current-project": selected,
    "/me/issues": selected,
    "/issues/{issue_id}/comments/{comment_id}": said,
    "/issues/{issue_id}/watchers/{user_id}": watched,
    "/me/sessions/{session_id}": lambda _, caller: {"session_id": id_of_new("session_id", caller)},
}


def scene(world: World) -> Scene:
    live, archived = sample_tenant(world), sample_tenant(world)
    custom, deactivated, ended = (world.new_user(live.admin) for _ in range(3))
    (users,) = live.admin.items("/groups", kind="users")
    live.add(live.new_group(), user_id=custom.user["id"])
    of_users = f"/groups/{users['id']}/memberships"
    (membership,) = live.admin.items(of_users, user_id=custom.user["id"])
    live.admin.delete(f"{of_users}/{membership['id']}")
    live.admin.act(f"/users/{deactivated.user['id']}/deactivate")
    ended.expect(204, "POST", "/me/signout")
    callers = {
        "nobody": world.stranger().within(live.id),
        "an ended session": ended,
        "a deactivated user": deactivated,
        "a user of no tenant": world.sign_up(),
        "an administrator of another tenant": world.new_tenant().admin.within(live.id),
        "a member of the archived tenant": archived.member,
        "a member of a custom group": custom,
        "a member": live.member,
        "an administrator": live.admin,
        "an administrator of the archived tenant": archived.admin,
        "a root administrator": world.again(world.root).within(live.id),
    }
    archived.admin.act(f"/tenants/{archived.id}/archive")
    return Scene(world, live, archived, callers)
