"""Who may make accounts and tenants, and how many."""

import httpx

from tests.support.api import Api, connect, slug
from tests.support.people import World, person, unique
from tests.support.races import at_once


def test_where_it_is_closed_nobody_signs_up(closed: httpx.Client) -> None:
    for body in (person(), {}):
        answer = closed.post("/me/signup", json=body)
        expected = (403, "sign-up-closed") if body else (422, "validation-failed")
        assert (answer.status_code, slug(answer.json())) == expected


def test_administrators_make_accounts_there(world: World, closed: httpx.Client) -> None:
    body = person()
    world.new_tenant().admin.through(closed).post("/users", body)
    world.sign_in(body["username"], body["password"])


def test_root_administrators_make_tenants_there(
    root: Api, world: World, closed: httpx.Client
) -> None:
    body = {"name": unique("Tenant")}
    world.sign_up().through(closed).refused(403, "POST", "/tenants", body)
    root.through(closed).post("/tenants", body)


def test_an_address_signs_up_so_often_an_hour(limited: str) -> None:
    with connect(limited, "127.3.0.1") as here, connect(limited, "127.3.0.2") as elsewhere:
        refused = here.post("/me/signup", json={**person(), "username": "root"[:2]})
        assert refused.status_code == 422  # does not count
        answers = at_once([lambda: Api(here).send("POST", "/me/signup", json=person())] * 6)
        assert sorted(answer.status_code for answer in answers) == [201] * 3 + [429] * 3
        (one, *_) = [answer for answer in answers if answer.status_code == 429]
        assert slug(one.json()) == "too-many-requests"
        assert 3000 < int(one.headers["retry-after"]) <= 3600
        assert elsewhere.post("/me/signup", json=person()).status_code == 201


def test_a_retry_does_not_count(limited: str) -> None:
    body, key = person(), {"Idempotency-Key": unique("key")}
    with connect(limited, "127.3.0.3") as http:
        for _ in range(5):
            assert http.post("/me/signup", json=body, headers=key).status_code == 201


def test_a_user_makes_so_many_tenants_a_day(world: World, limited: str) -> None:
    first, second = world.sign_up(), world.sign_up()
    with connect(limited) as http:
        name = unique("Tenant")
        first.through(http).post("/tenants", {"name": name})
        first.through(http).refused(409, "POST", "/tenants", {"name": name})  # does not count
        made = first.through(http).post("/tenants", {"name": unique("Tenant")})
        first.delete(f"/tenants/{made['id']}")  # nor does it make room
        answer = first.through(http).expect(429, "POST", "/tenants", json={"name": unique("T")})
        assert 80_000 < int(answer.headers["retry-after"]) <= 86_400
        second.through(http).post("/tenants", {"name": unique("Tenant")})
