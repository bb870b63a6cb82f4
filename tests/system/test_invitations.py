"""Nobody is added unasked: a user of elsewhere is invited, and decides."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import httpx
import pytest

from tests.contract.resource import NOBODYS_ID, current, stale
from tests.support.api import Api, Json, anonymous, pointers, slug
from tests.support.database import Session
from tests.support.people import Tenant, World, person
from tests.support.races import at_once, eventually, while_locked_by

ACCEPTED = """
    WITH asking AS (SELECT set_config('nexus.user_id', :user, true))
    UPDATE memberships SET accepted_at = now() FROM asking WHERE id = :id
"""


@pytest.fixture
def fresh(world: World) -> Tenant:
    return world.new_tenant()


@pytest.fixture
def stranger(world: World) -> Api:
    return world.sign_up()


def invited(tenant: Tenant, user: Api, kind: str = "users") -> Json:
    return tenant.add(tenant.group(kind), username=user.user["username"])


def at(invitation: Json, verb: str) -> str:
    return f"/me/invitations/{invitation['id']}/{verb}"


def members(group: Json) -> str:
    return f"/groups/{group['id']}/memberships"


def test_a_user_of_elsewhere_is_invited(fresh: Tenant, stranger: Api) -> None:
    invitation = invited(fresh, stranger)
    assert invitation["user_id"] == stranger.user["id"]
    assert invitation["accepted_at"] is None
    assert invitation["invited_by_id"] == fresh.admin.user["id"]
    assert invitation["invited_as"] == stranger.user["username"]
    (shown,) = stranger.items("/me/invitations")
    expected = {
        "id": invitation["id"],
        "tenant_id": fresh.id,
        "tenant_name": fresh.name,
        "group_id": invitation["group_id"],
        "group_name": "users",
        "invited_by_id": fresh.admin.user["id"],
        "invited_by": fresh.admin.user["username"],
    }
    assert {name: shown[name] for name in expected} == expected


def test_one_who_belongs_already_is_a_member_at_once(fresh: Tenant) -> None:
    group = fresh.new_group()
    for member in (
        {"user_id": fresh.member.user["id"]},
        {"username": fresh.admin.user["username"]},
    ):
        membership = fresh.add(group, **member)
        assert membership["accepted_at"]
        assert membership["invited_by_id"] is None


def test_it_counts_for_nothing_until_it_is_accepted(
    world: World, fresh: Tenant, stranger: Api
) -> None:
    own = world.new_tenant(stranger)
    invited(fresh, stranger, "administrators")
    assert stranger.get("/me/current-tenant")["id"] == own.id  # the only one still
    assert [tenant["id"] for tenant in stranger.items("/me/tenants")] == [own.id]
    stranger.refused(404, "GET", f"/tenants/{fresh.id}")
    stranger.within(fresh.id).refused(404, "GET", "/groups")
    assert fresh.admin.items("/users", id=stranger.user["id"]) == []
    group = fresh.group("administrators")
    assert fresh.admin.items("/users", group_id__direct=group["id"], id=stranger.user["id"]) == []
    assert fresh.admin.items("/users", group_id=group["id"], id=stranger.user["id"]) == []
    fresh.admin.refused(404, "GET", f"/users/{stranger.user['id']}")
    fresh.admin.refused(422, "POST", "/persons", {"user_id": stranger.user["id"]})
    fresh.admin.refused(409, "DELETE", f"/me/tenants/{fresh.id}")  # the last administrator


def test_it_makes_nobody_shared(fresh: Tenant, other_tenant: Tenant) -> None:
    invited(other_tenant, fresh.member)
    path = f"/users/{fresh.member.user['id']}"
    assert fresh.admin.patch(path, {"full_name": "Still ours"})["full_name"] == "Still ours"
    assert fresh.admin.act(f"{path}/deactivate")["deactivated_at"]


def test_administrators_see_it_in_the_group_and_nobody_else(fresh: Tenant, stranger: Api) -> None:
    invitation = invited(fresh, stranger)
    path = members(fresh.group("users"))
    assert fresh.admin.items(path, id=invitation["id"]) == [invitation]
    assert fresh.admin.items(path, accepted_at__isnull="true") == [invitation]
    assert fresh.member.items(path, id=invitation["id"]) == []
    assert fresh.member.get(path, count="true")["total"] == 1
    (shown,) = fresh.admin.items(path, id=invitation["id"], expand="user,invited_by")
    assert shown["user"] is None
    assert shown["invited_by"]["id"] == fresh.admin.user["id"]
    fresh.member.refused(403, "DELETE", f"{path}/{invitation['id']}")


def test_a_member_who_is_invited_to_another_group_does_not_see_it_there(
    fresh: Tenant, stranger: Api
) -> None:
    group = fresh.new_group()
    invitation = fresh.add(group, username=stranger.user["username"])
    fresh.join(stranger)
    assert stranger.within(fresh.id).items(members(group)) == []
    assert [shown["id"] for shown in stranger.items("/me/invitations")] == [invitation["id"]]


def test_it_is_accepted(fresh: Tenant, stranger: Api) -> None:
    invitation = invited(fresh, stranger)
    tenant = stranger.act(at(invitation, "accept"))
    assert (tenant["id"], tenant["name"]) == (fresh.id, fresh.name)
    assert stranger.get("/me/current-tenant")["id"] == fresh.id
    (membership,) = fresh.member.items(members(fresh.group("users")), id=invitation["id"])
    assert membership["accepted_at"]
    assert membership["version"] == 2
    (event,) = fresh.admin.items("/audit-events", record_id=invitation["id"], action="update")
    assert event["actor_id"] == stranger.user["id"]
    assert stranger.items("/me/invitations") == []
    stranger.refused(404, "POST", at(invitation, "accept"))


def test_it_is_declined(fresh: Tenant, stranger: Api) -> None:
    invitation = invited(fresh, stranger)
    stranger.expect(204, "POST", at(invitation, "decline"))
    assert fresh.admin.items(members(fresh.group("users")), id=invitation["id"]) == []
    for verb in ("accept", "decline"):
        stranger.refused(404, "POST", at(invitation, verb))
    (event,) = fresh.admin.items("/audit-events", record_id=invitation["id"], action="delete")
    assert event["actor_id"] == stranger.user["id"]


def test_it_is_taken_back(fresh: Tenant, stranger: Api) -> None:
    invitation = invited(fresh, stranger)
    fresh.admin.delete(f"{members(fresh.group('users'))}/{invitation['id']}")
    assert stranger.items("/me/invitations") == []
    stranger.refused(404, "POST", at(invitation, "accept"))


def test_a_user_is_invited_once_to_a_group(fresh: Tenant, stranger: Api) -> None:
    invitation = invited(fresh, stranger)
    body = {"username": stranger.user["username"]}
    fresh.admin.refused(409, "POST", members(fresh.group("users")), body)
    stranger.act(at(invitation, "accept"))
    fresh.admin.refused(409, "POST", members(fresh.group("users")), body)


@pytest.mark.parametrize("verb", ["accept", "decline"])
def test_anothers_invitation_looks_like_none(fresh: Tenant, stranger: Api, verb: str) -> None:
    invitation = invited(fresh, stranger)
    for caller in (fresh.admin, fresh.member, fresh.member.within(None)):
        foreign = caller.refused(404, "POST", at(invitation, verb))
        nothing = caller.refused(404, "POST", at({"id": NOBODYS_ID}, verb))
        assert anonymous(foreign, invitation["id"]) == anonymous(nothing, NOBODYS_ID)
    (membership,) = fresh.admin.items(
        members(fresh.group("users")), user_id=fresh.member.user["id"]
    )
    fresh.member.refused(404, "POST", at(membership, verb))  # it is no invitation


@pytest.mark.parametrize("what", ["groups", "tenants"])
def test_what_is_archived_invites_nobody(fresh: Tenant, stranger: Api, what: str) -> None:
    group = fresh.new_group()
    invitation = fresh.add(group, username=stranger.user["username"])
    path = f"/groups/{group['id']}" if what == "groups" else f"/tenants/{fresh.id}"
    fresh.admin.act(f"{path}/archive")
    assert stranger.items("/me/invitations") == []
    stranger.refused(404, "POST", at(invitation, "accept"))
    fresh.admin.act(f"{path}/restore")
    stranger.act(at(invitation, "accept"))


def test_invitations_are_paged_and_sorted(world: World, stranger: Api) -> None:
    made = [invited(world.new_tenant(), stranger)["id"] for _ in range(3)]
    assert [i["id"] for i in stranger.pages("/me/invitations", limit=1, sort="id")] == made
    assert stranger.get("/me/invitations", count="true")["total"] == 3


def test_where_everybody_signs_up_an_address_finds_nobody(fresh: Tenant, stranger: Api) -> None:
    """Nobody has proved it."""
    for email in (stranger.user["email"], "nobody@nowhere.example", fresh.member.user["email"]):
        problem = fresh.admin.refused(422, "POST", members(fresh.new_group()), {"email": email})
        assert pointers(problem) == ["/email"]
        assert "username" in problem["detail"]
    fresh.member.refused(403, "POST", members(fresh.group("users")), {"email": email})


def test_where_nobody_signs_up_it_does(fresh: Tenant, stranger: Api, closed: httpx.Client) -> None:
    admin = fresh.admin.through(closed)
    path = members(fresh.group("users"))
    body = {"email": stranger.user["email"].upper()}
    assert admin.post(path, body)["user_id"] == stranger.user["id"]
    inexact = {"email": "x" + stranger.user["email"]}
    assert pointers(admin.refused(422, "POST", path, inexact)) == ["/email"]


@pytest.mark.parametrize("inexact", ["{}x", "x{}", "%", "{}@example.org"])
def test_a_name_has_to_be_exact(fresh: Tenant, stranger: Api, inexact: str) -> None:
    body = {"username": inexact.format(stranger.user["username"])}
    problem = fresh.admin.refused(422, "POST", members(fresh.group("users")), body)
    assert pointers(problem) == ["/username"]


def test_accepting_twice_at_once_is_done_once(fresh: Tenant, stranger: Api) -> None:
    for _ in range(5):
        invitation = fresh.add(fresh.new_group(), username=stranger.user["username"])
        answers = at_once([partial(stranger.send, "POST", at(invitation, "accept"))] * 4)
        assert sorted(answer.status_code for answer in answers) == [200, 404, 404, 404]
        fresh.admin.delete(f"/users/{stranger.user['id']}")


def test_what_is_taken_back_meanwhile_is_not_accepted(
    fresh: Tenant, stranger: Api, holder: Session
) -> None:
    invitation = invited(fresh, stranger)
    taken_back = "DELETE FROM memberships WHERE id = :id"
    answer = while_locked_by(
        holder,
        taken_back,
        lambda: stranger.send("POST", at(invitation, "accept")),
        id=invitation["id"],
    )
    assert answer.status_code == 404
    assert stranger.items("/me/tenants") == []


def test_who_leaves_as_they_are_added_is_not_added(
    fresh: Tenant, stranger: Api, holder: Session
) -> None:
    """A name found among the tenant's users is added without being asked again."""
    fresh.join(stranger)
    left = "DELETE FROM memberships WHERE user_id = :id AND accepted_at IS NOT NULL"
    body = {"username": stranger.user["username"]}
    path = members(fresh.new_group())
    answer = while_locked_by(
        holder, left, lambda: fresh.admin.send("POST", path, json=body), id=stranger.user["id"]
    )
    assert (answer.status_code, slug(answer.json())) == (409, "member-left")
    assert stranger.items("/me/tenants") == []


def test_a_stale_invitation_is_not_decided(fresh: Tenant, stranger: Api) -> None:
    invitation = invited(fresh, stranger)
    for verb in ("accept", "decline"):
        stranger.refused(412, "POST", at(invitation, verb), headers=stale(invitation))
    stranger.act(at(invitation, "accept"), headers=current(invitation))
    tenant = stranger.get(f"/tenants/{fresh.id}")
    path = f"/me/tenants/{fresh.id}"
    stranger.refused(412, "DELETE", path, headers=stale(tenant))
    stranger.expect(204, "DELETE", path, headers=current(tenant))


def test_a_list_of_a_group_has_no_invited(fresh: Tenant, stranger: Api) -> None:
    """Though the user belongs to the tenant by another group."""
    group = fresh.new_group()
    fresh.add(group, username=stranger.user["username"])
    fresh.join(stranger)
    for name in ("group_id", "group_id__direct"):
        assert fresh.admin.items("/users", **{name: group["id"]}) == []


class TestOfAnAccountAndItsMembershipsAtOnce:
    """Whoever goes first: no deadlock, and an account that has joined another tenant is its own."""

    @pytest.fixture
    def member(self, fresh: Tenant) -> Api:
        return fresh.member.within(None)

    def test_who_joins_another_is_nobodys_alone(
        self, world: World, fresh: Tenant, member: Api, holder: Session
    ) -> None:
        invitation = invited(world.new_tenant(), member)
        path = f"/users/{member.user['id']}"
        for method, rest, body in (
            ("PATCH", "", {"full_name": "Taken over"}),
            ("POST", "/deactivate", None),
            ("DELETE", "", None),
        ):
            holder.run(
                "UPDATE memberships SET accepted_at = NULL WHERE id = :id", id=invitation["id"]
            )
            call = partial(fresh.admin.send, method, path + rest, json=body)
            answer = while_locked_by(
                holder, ACCEPTED, call, id=invitation["id"], user=member.user["id"]
            )
            assert answer.status_code == (204 if method == "DELETE" else 403)
        assert world.again(member).get("/me")["full_name"] == member.user["full_name"]

    def test_a_tenant_that_goes_waits_for_nobody_who_comes(
        self, fresh: Tenant, stranger: Api, holder: Session
    ) -> None:
        invitation = invited(fresh, stranger)
        holder.run("BEGIN")
        holder.run("SELECT FROM tenants WHERE id = :id FOR UPDATE", id=fresh.id)
        with ThreadPoolExecutor(1) as thread:
            answer = thread.submit(stranger.send, "POST", at(invitation, "accept"))
            eventually(holder.holds_up_another)
            holder.run("DELETE FROM memberships WHERE id = :id", id=invitation["id"])
            holder.run("COMMIT")
            assert answer.result().status_code == 404

    def test_a_group_that_goes_waits_for_no_user(self, world: World) -> None:
        for _ in range(5):
            tenant = world.new_tenant()
            group, users = tenant.new_group(), [world.new_user(tenant.admin) for _ in range(3)]
            for user in users:
                tenant.add(group, user_id=user.user["id"])
            paths = [f"/groups/{group['id']}", *(f"/users/{user.user['id']}" for user in users)]
            calls = [partial(tenant.admin.send, "DELETE", path) for path in paths]
            assert [answer.status_code for answer in at_once(calls)] == [204] * 4

    @pytest.mark.parametrize("move", ["accept", "leave", "remove"])
    def test_no_two_wait_for_each_other(self, world: World, move: str) -> None:
        for _ in range(8):
            tenant = world.new_tenant()
            user = tenant.member
            deleted = partial(tenant.admin.send, "DELETE", f"/users/{user.user['id']}")
            if move == "accept":
                invitation = invited(world.new_tenant(), user)
                moved = partial(user.within(None).send, "POST", at(invitation, "accept"))
            elif move == "leave":
                moved = partial(user.send, "DELETE", f"/me/tenants/{tenant.id}")
            else:
                path = members(tenant.group("users"))
                (membership,) = tenant.admin.items(path, user_id=user.user["id"])
                moved = partial(tenant.admin.send, "DELETE", f"{path}/{membership['id']}")
            answers = [answer.status_code for answer in at_once([moved, deleted])]
            assert all(status in {200, 204, 401, 404} for status in answers), answers


class TestLeaving:
    def test_a_member_leaves(self, fresh: Tenant) -> None:
        group = fresh.new_group()
        fresh.add(group, user_id=fresh.member.user["id"])
        fresh.member.expect(204, "DELETE", f"/me/tenants/{fresh.id}")
        assert fresh.member.within(None).items("/me/tenants") == []
        fresh.admin.refused(404, "GET", f"/users/{fresh.member.user['id']}")
        assert fresh.admin.items(members(group)) == []
        fresh.member.within(None).refused(404, "DELETE", f"/me/tenants/{fresh.id}")

    def test_the_last_administrator_stays(self, world: World, fresh: Tenant) -> None:
        path = f"/me/tenants/{fresh.id}"
        fresh.admin.refused(409, "DELETE", path)
        world.new_admin(fresh)
        fresh.admin.expect(204, "DELETE", path)

    def test_where_one_is_no_member_there_is_nothing_to_leave(
        self, root: Api, fresh: Tenant, stranger: Api
    ) -> None:
        invited(fresh, stranger)
        for caller in (stranger, root):
            foreign = caller.refused(404, "DELETE", f"/me/tenants/{fresh.id}")
            nothing = caller.refused(404, "DELETE", f"/me/tenants/{NOBODYS_ID}")
            assert anonymous(foreign, fresh.id) == anonymous(nothing, NOBODYS_ID)
        assert stranger.items("/me/invitations")

    def test_a_member_leaves_an_archived_tenant(self, fresh: Tenant) -> None:
        fresh.admin.act(f"/tenants/{fresh.id}/archive")
        fresh.member.within(None).expect(204, "DELETE", f"/me/tenants/{fresh.id}")

    def test_two_last_ones_do_not_both_leave(self, world: World) -> None:
        for _ in range(5):
            tenant = world.new_tenant()
            both = (tenant.admin, world.new_admin(tenant))
            calls = [partial(caller.send, "DELETE", f"/me/tenants/{tenant.id}") for caller in both]
            assert sorted(answer.status_code for answer in at_once(calls)) == [204, 409]


class TestWhoseAccountItIs:
    """An administrator changes accounts that the tenant made and that belong nowhere else."""

    def test_one_who_signed_up_stays_their_own(
        self, world: World, fresh: Tenant, stranger: Api
    ) -> None:
        fresh.join(stranger)
        path = f"/users/{stranger.user['id']}"
        for method, rest, body in (
            ("PATCH", "", {"full_name": "x"}),
            ("POST", "/deactivate", None),
            ("POST", "/restore", None),
        ):
            assert slug(fresh.admin.refused(403, method, path + rest, body)) == "user-shared"
        fresh.admin.delete(path)  # from the tenant
        fresh.admin.refused(404, "GET", path)
        assert world.again(stranger).get("/me")["id"] == stranger.user["id"]

    def test_one_whom_another_tenant_made_does_too(self, world: World, fresh: Tenant) -> None:
        origin = world.new_tenant()
        fresh.join(origin.member)
        origin.member.expect(204, "DELETE", f"/me/tenants/{origin.id}")
        path = f"/users/{origin.member.user['id']}"
        fresh.admin.refused(403, "PATCH", path, {"full_name": "x"})
        fresh.admin.delete(path)
        assert world.again(origin.member).within(None).get("/me")["id"] == origin.member.user["id"]

    def test_root_administrators_change_any(self, root: Api, fresh: Tenant, stranger: Api) -> None:
        fresh.join(stranger)
        path = f"/users/{stranger.user['id']}"
        admin = root.within(fresh.id)
        assert admin.patch(path, {"full_name": "Renamed"})["full_name"] == "Renamed"
        admin.act(f"{path}/deactivate")
        stranger.refused(401, "GET", "/me")

    def test_ones_own_names_are_not_changed_on_the_way_round(
        self, world: World, fresh: Tenant
    ) -> None:
        """Without the password that PATCH /me takes."""
        second = world.new_admin(fresh)
        path, other = f"/users/{second.user['id']}", person()
        for member in ("username", "email"):
            second.refused(403, "PATCH", path, {member: other[member]})
        assert second.patch(path, {"full_name": "Renamed"})["full_name"] == "Renamed"
