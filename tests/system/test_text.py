"""One text is one, in whatever form it comes: names, addresses, passwords; and none is two."""

import json
import secrets
import unicodedata
from typing import Literal

import httpx
import pytest

from tests.support.api import Api, pointers
from tests.support.people import Tenant, World, person, unique

JSON = {"Content-Type": "application/json"}
Form = Literal["NFC", "NFD", "NFKC"]
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def local_part(word: str) -> str:
    return f"{word}{secrets.token_hex(6)}"


@pytest.mark.parametrize(
    ("registered", "typed"),
    [
        ("xn--bcher-kva.example", "bücher.example"),
        ("bücher.example", "XN--BCHER-KVA.example"),
        ("bücher.example", "BU\u0308CHER.example"),
        ("cafe\u0301.example", "caf\u00e9.example"),
    ],
    ids=ascii,
)
def test_one_signs_in_with_the_address_that_one_registered(
    world: World, closed: httpx.Client, registered: str, typed: str
) -> None:
    name = local_part("zoe\u0301")
    user = world.sign_up(email=f"{name}@{registered}")
    admin = world.new_tenant().admin
    group = admin.post("/groups", {"name": unique("Group")})
    for address in (f"{name}@{registered}", f"{unicodedata.normalize('NFC', name)}@{typed}"):
        assert world.sign_in(address, user.password).user["id"] == user.user["id"]
        path = f"/groups/{group['id']}/memberships"
        invitation = admin.through(closed).post(path, {"email": address})
        assert invitation["user_id"] == user.user["id"]
        admin.delete(f"{path}/{invitation['id']}")
        world.stranger().refused(409, "POST", "/me/signup", {**person(), "email": address})


@pytest.mark.parametrize("address", ["nobody", "no@body", "@", "a@@b", f"{'a' * 65}@b.example"])
def test_what_is_no_address_signs_nobody_in(world: World, address: str) -> None:
    form = {"username": address, "password": "an honest attempt"}
    stranger = Api(world.elsewhere())
    stranger.refused(401, "POST", "/me/signin", data=form)


@pytest.mark.parametrize(("before", "status"), [("z" * 64, 201), ("z" * 65, 422), ("ж" * 33, 422)])
def test_an_address_has_up_to_64_bytes_before_the_at(
    world: World, before: str, status: int
) -> None:
    domain = unique("d").replace(" ", "")
    body = {**person(), "email": f"{before}@{domain}.example"}
    answer = world.stranger().expect(status, "POST", "/me/signup", json=body).json()
    assert pointers(answer) == ([] if status == 201 else ["/email"])


@pytest.mark.parametrize(
    ("chosen", "typed"),
    [("NFC", "NFD"), ("NFD", "NFC"), ("NFC", "NFKC")],
)
def test_a_password_is_one_on_every_keyboard(world: World, chosen: Form, typed: Form) -> None:
    password = f"crème brûlée ﬁn {secrets.token_hex(4)}"
    user = world.sign_up(password=unicodedata.normalize(chosen, password))
    other = unicodedata.normalize(typed, password)
    world.sign_in(user.user["email"], other)
    longest = secrets.token_hex(12) + "é" * 1000
    change = {"current_password": other, "new_password": unicodedata.normalize(typed, longest)}
    user.expect(204, "POST", "/me/password", json=change)
    world.sign_in(user.user["email"], unicodedata.normalize(chosen, longest))


def test_composed_and_decomposed_names_are_duplicates(tenant: Tenant) -> None:
    name = unique("Zoë")
    tenant.admin.post("/groups", {"name": name})
    apart = {"name": unicodedata.normalize("NFD", name)}
    tenant.admin.refused(409, "POST", "/groups", apart)


def test_free_objects_are_composed_too(world: World) -> None:
    extra = {"e\u0301": ["n\u0303", {"a": 1}]}
    changed = world.sign_up().patch("/me/preferences", {"extra": extra})
    assert changed["extra"] == {"é": ["ñ", {"a": 1}]}


def test_an_escape_is_composed_with_what_stands_beside_it(tenant: Tenant) -> None:
    name = unique("n")
    for text in (f"{name} e\\u0301", f"{name} \\u0065\u0301", f"{name} \\u0065\\u0301"):
        content = f'{{"full_name": "{text}"}}'.encode()
        changed = tenant.admin.expect(200, "PATCH", "/me", content=content, headers=JSON).json()
        assert changed["full_name"] == f"{name} é"


@pytest.mark.parametrize(
    "body",
    [
        '{"name": "a", "name": "a"}',
        '{"name": "a", "na\\u006de": "b"}',
        '{"name": "a", "attributes": {"ports": 1, "ports": 2}}',
        '{"name": "a", "attributes": {"all": [{"\u00e9": 1, "e\u0301": 2}]}}',
        '{"name": "a", "description": null, "description": null}',
    ],
)
def test_a_member_given_twice_is_malformed(tenant: Tenant, body: str) -> None:
    problem = tenant.admin.refused(
        400, "POST", "/configuration-items", content=body.encode(), headers=JSON
    )
    assert "twice" in problem["detail"]


@pytest.mark.parametrize(
    "form", ["username=a&password=b&password=c", "username=a&user%6eame=a&password=b",
             "username=%FF&password=b", "username=a&password=%C3"],
)  # fmt: skip
def test_a_form_that_can_be_read_in_two_ways_is_malformed(world: World, form: str) -> None:
    world.stranger().refused(400, "POST", "/me/signin", content=form.encode(), headers=FORM)


def test_a_retry_is_the_same_bytes(tenant: Tenant) -> None:
    """What a key stands for is the body as it was sent."""
    headers, name = {**JSON, "Idempotency-Key": unique("key")}, unique("Zoë")
    bodies = [
        json.dumps({"name": unicodedata.normalize(form, name)}).encode() for form in ("NFD", "NFC")
    ]
    first, second = (
        tenant.admin.send("POST", "/groups", content=bodies[0], headers=headers) for _ in range(2)
    )
    assert (first.status_code, first.json()) == (201, second.json())
    tenant.admin.refused(422, "POST", "/groups", content=bodies[1], headers=headers)
