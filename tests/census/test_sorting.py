"""Paging by several keys that may all be NULL neither skips nor repeats."""

from itertools import permutations, product

import pytest

from tests.support.api import Api
from tests.support.people import World, unique

KEYS = ("name", "external_id", "updated_at")
SORTS = [
    ",".join(f"{sign}{key}" for sign, key in zip(signs, keys, strict=True))
    for keys in permutations(KEYS, 2)
    for signs in product(("", "-"), repeat=2)
]


@pytest.fixture(scope="module")
def member(world: World) -> Api:
    """Of a tenant with persons that have both, one or neither of what is sorted by."""
    member = world.new_tenant().member
    for last_name, external_id in product(("Ito", "ito", None), ("E", None)):
        identity = last_name and {"first_name": "Zoë", "last_name": last_name}
        member.post(
            "/persons",
            {"external_id": external_id and unique("E"), "identity": identity},
        )
    return member


@pytest.mark.parametrize("limit", [1, 2])
@pytest.mark.parametrize("sort", SORTS)
def test_pages_put_together_are_the_list(member: Api, sort: str, limit: int) -> None:
    whole = member.items("/persons", sort=sort)
    assert len(whole) == 6
    assert member.pages("/persons", sort=sort, limit=limit) == whole
