"""Bounds: how many siblings an owner has and how deep groups nest, held whatever comes at once."""

import secrets
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import pytest

from tests.support.api import Api, Json, slug
from tests.support.database import Session
from tests.support.makers import at, new_identity, new_person
from tests.support.people import Tenant, World, unique
from tests.support.races import at_once, begun_before_commit

AT_ONCE = 8
IDENTITIES = """
    INSERT INTO identities (id, tenant_id, person_id, last_name)
    SELECT nexus.ulid(), tenant_id, id, 'Ito' FROM persons, generate_series(1, :count)
    WHERE id = :owner
"""
CONTACTS = """
    INSERT INTO contacts (id, tenant_id, {owner}_id, type, value, sort_order)
    SELECT nexus.ulid(), tenant_id, id, 'other', 'desk',
           n - 1 + (SELECT count(*) FROM contacts WHERE {owner}_id = :owner)
    FROM {table}, generate_series(1, :count) n WHERE id = :owner
"""
GROUPS = """
    INSERT INTO groups (id, tenant_id, name)
    SELECT nexus.ulid(), id, nexus.ulid() FROM tenants, generate_series(1, :count)
    WHERE id = :owner
"""
NESTED = """
    INSERT INTO memberships (id, tenant_id, group_id, member_group_id, accepted_at)
    VALUES (nexus.ulid(), :tenant, :outer, :inner, now())
"""
IN_ALL_ABOVE = """
    WITH placed AS (
        SELECT id, (place - 1) / 30 AS level
        FROM unnest(CAST(:ids AS text[])) WITH ORDINALITY AS u (id, place)
    )
    INSERT INTO memberships (id, tenant_id, group_id, member_group_id, accepted_at)
    SELECT nexus.ulid(), :tenant, outer_.id, inner_.id, now()
    FROM placed outer_ JOIN placed inner_ ON inner_.level = outer_.level + 1
"""


class Bound(NamedTuple):
    """`path` is where more are made, `fill` makes many of the owner's in SQL."""

    limit: int
    path: str
    body: Callable[[], Json]
    fill: str
    owner: str
    there: int = 0


def of_identities(tenant: Tenant) -> Bound:
    person = new_person(tenant.admin)
    body = {"last_name": "Ito"}
    return Bound(100, at(person, "identities"), lambda: body, IDENTITIES, person["id"], 1)


def of_a_persons_contacts(tenant: Tenant) -> Bound:
    person = new_person(tenant.admin)
    fill = CONTACTS.format(owner="person", table="persons")
    return Bound(100, at(person, "contacts"), contact, fill, person["id"])


def of_an_identitys_contacts(tenant: Tenant) -> Bound:
    person = new_person(tenant.admin)
    identity = new_identity(tenant.admin, person)["id"]
    fill = CONTACTS.format(owner="identity", table="identities")
    return Bound(100, at(person, "identities", identity, "contacts"), contact, fill, identity)


def of_groups(tenant: Tenant) -> Bound:
    return Bound(1000, "/groups", lambda: {"name": unique("Group")}, GROUPS, tenant.id, 2)


def contact() -> Json:
    return {"type": "other", "value": unique("desk")}


@pytest.fixture
def tenant(world: World) -> Tenant:
    return world.new_tenant()


@pytest.fixture(
    params=[of_identities, of_a_persons_contacts, of_an_identitys_contacts, of_groups],
    ids=lambda make: make.__name__,
)
def bound(request: pytest.FixtureRequest, tenant: Tenant, superuser: Session) -> Bound:
    """One below its limit."""
    bound: Bound = request.param(tenant)
    superuser.run(bound.fill, owner=bound.owner, count=bound.limit - 1 - bound.there)
    return bound


def test_of_many_at_once_one_is_the_last(tenant: Tenant, bound: Bound) -> None:
    def add() -> Json:
        answer: Json = tenant.admin.send("POST", bound.path, json=bound.body()).json()
        return answer

    answers = at_once([add] * AT_ONCE)
    assert len([answer for answer in answers if "id" in answer]) == 1
    for problem in (answer for answer in answers if "id" not in answer):
        assert (slug(problem), problem["status"], problem["limit"]) == (
            "too-many",
            409,
            bound.limit,
        )
        assert f"{bound.limit:,}" in problem["detail"]


def test_the_database_holds_it_against_whoever_writes(
    superuser: Session, holder: Session, bound: Bound
) -> None:
    """The second waits for the first, and counts it."""
    holder.run("BEGIN")
    holder.run(bound.fill, owner=bound.owner, count=1)
    refusal = begun_before_commit(
        holder, lambda: superuser.refusal(bound.fill, owner=bound.owner, count=1)
    )
    assert "_per_" in refusal


def test_there_is_room_again_when_one_is_deleted(tenant: Tenant, bound: Bound) -> None:
    """A key keeps no refusal: the retry is tried. What it has made stays its answer."""
    first = tenant.admin.post(bound.path, bound.body())
    key, body = {"Idempotency-Key": secrets.token_hex(16)}, bound.body()
    assert slug(tenant.admin.refused(409, "POST", bound.path, body, headers=key)) == "too-many"
    single = "/contacts" if bound.path.endswith("/contacts") else bound.path
    tenant.admin.delete(f"{single}/{first['id']}")
    made = tenant.admin.post(bound.path, body, headers=key)
    assert tenant.admin.post(bound.path, body, headers=key) == made


def test_a_full_owner_takes_changes_and_others_have_room(
    tenant: Tenant, superuser: Session
) -> None:
    full = of_identities(tenant)
    superuser.run(full.fill, owner=full.owner, count=99)
    assert len(tenant.admin.pages(full.path, limit=60)) == 100
    (one, *_) = tenant.admin.items(full.path)
    tenant.admin.patch(f"/identities/{one['id']}", {"first_name": "Zoë"})
    new_identity(tenant.admin, new_person(tenant.admin))


def test_an_archived_group_counts_and_has_its_place_when_it_is_restored(
    tenant: Tenant, superuser: Session
) -> None:
    groups = of_groups(tenant)
    archived = tenant.new_group()
    tenant.admin.act(f"/groups/{archived['id']}/archive")
    superuser.run(groups.fill, owner=tenant.id, count=997)
    assert slug(tenant.admin.refused(409, "POST", "/groups", groups.body())) == "too-many"
    tenant.admin.act(f"/groups/{archived['id']}/restore")


class TestNesting:
    @pytest.fixture
    def chain(self, tenant: Tenant) -> list[Json]:
        """As deep as groups nest."""
        groups = [tenant.new_group() for _ in range(11)]
        for outer, inner in pairwise(groups):
            nest(tenant.admin, outer, inner)
        return groups

    def test_groups_nest_ten_deep_at_either_end(self, tenant: Tenant, chain: list[Json]) -> None:
        further = tenant.new_group()
        for outer, inner in ((chain[-1], further), (further, chain[0])):
            problem = refusal(tenant.admin, outer, inner)
            assert (slug(problem), problem["limit"]) == ("too-many", 10)
        nest(tenant.admin, chain[-2], further)

    def test_the_longest_way_counts_both_up_and_down(
        self, tenant: Tenant, chain: list[Json]
    ) -> None:
        upper, lower = tenant.new_group(), tenant.new_group()
        nest(tenant.admin, chain[0], upper)
        nest(tenant.admin, chain[4], upper)  # now five deep, and one by the other way
        nest(tenant.admin, lower, chain[-1])
        nest(tenant.admin, lower, chain[6])  # five deep below this
        assert slug(refusal(tenant.admin, upper, lower)) == "too-many"
        shorter = tenant.new_group()
        nest(tenant.admin, shorter, chain[7])  # four deep
        nest(tenant.admin, upper, shorter)

    def test_archived_groups_count(self, tenant: Tenant, chain: list[Json]) -> None:
        tenant.admin.act(f"/groups/{chain[5]['id']}/archive")
        assert slug(refusal(tenant.admin, chain[-1], tenant.new_group())) == "too-many"

    def test_a_circle_is_told_before_the_depth(self, tenant: Tenant, chain: list[Json]) -> None:
        assert slug(refusal(tenant.admin, chain[-1], chain[0])) == "nesting-cycle"

    def test_two_nestings_at_once_do_not_go_too_deep(self, tenant: Tenant, holder: Session) -> None:
        """Either would fit alone; the second waits for the first, and counts it."""
        parts = [[tenant.new_group() for _ in range(length)] for length in (4, 5, 4)]
        for part in parts:
            for outer, inner in pairwise(part):
                nest(tenant.admin, outer, inner)
        upper, middle, lower = parts
        ends = {"outer": upper[-1]["id"], "inner": middle[0]["id"]}
        holder.run("BEGIN")
        holder.run(NESTED, tenant=tenant.id, **ends)
        problem = begun_before_commit(holder, lambda: refusal(tenant.admin, middle[-1], lower[0]))
        assert slug(problem) == "too-many"

    def test_many_ways_through_wide_levels_are_looked_at_once_each(
        self, tenant: Tenant, superuser: Session
    ) -> None:
        """Ten levels of 30 groups, each in all of the level above: 30 to the tenth ways."""
        superuser.run(GROUPS, owner=tenant.id, count=300)
        ids = superuser.column(
            "SELECT id FROM groups WHERE tenant_id = :id AND kind = 'custom' ORDER BY id",
            id=tenant.id,
        )
        superuser.run("BEGIN")
        superuser.run("SET LOCAL session_replication_role = replica")
        superuser.run(IN_ALL_ABOVE, tenant=tenant.id, ids=ids)
        superuser.run("COMMIT")
        outer, inner = {"id": ids[-1]}, tenant.new_group()
        nest(tenant.admin, outer, inner)
        assert slug(refusal(tenant.admin, inner, tenant.new_group())) == "too-many"


def nest(api: Api, outer: Json, inner: Json) -> None:
    api.post(f"/groups/{outer['id']}/memberships", {"member_group_id": inner["id"]})


def refusal(api: Api, outer: Json, inner: Json) -> Json:
    body = {"member_group_id": inner["id"]}
    problem: Json = api.refused(409, "POST", f"/groups/{outer['id']}/memberships", body)
    return problem
