"""Settings that change what users may do, on a server of their own; and those that are refused."""

from collections.abc import Iterator

import httpx
import pytest

from nexus.settings import SettingInvalid, settings
from tests.support.api import connect, slug
from tests.support.people import World, unique
from tests.support.stack import Database, kernel, serving

ORIGIN = "https://desk.example.org"
NOWHERE = "postgresql://nexus_app@nowhere/none"
KEY, OTHER = "k" * 32, "o" * 32


@pytest.fixture(scope="module")
def set_up(database: Database) -> Iterator[str]:
    """The address of a server with all the settings of these tests, none of which minds another."""
    with serving(
        database,
        workers=1,
        NEXUS_TENANT_CREATION="root",
        NEXUS_CORS_ORIGINS=f"{ORIGIN},https://b.example",
        NEXUS_SESSION_IDLE_SECONDS="120",
        NEXUS_SESSION_LIFETIME_SECONDS="60",
    ) as address:
        yield address


@pytest.fixture
def http(set_up: str) -> Iterator[httpx.Client]:
    with connect(set_up) as http:
        yield http


def test_making_tenants_can_be_left_to_root_administrators(
    http: httpx.Client, world: World
) -> None:
    user = world.sign_up()
    user.through(http).refused(403, "POST", "/tenants", {"name": unique("Denied")})
    world.root.through(http).post("/tenants", {"name": unique("Granted")})


@pytest.mark.parametrize(
    ("origin", "is_let_in"),
    [(ORIGIN, True), ("https://b.example", True), ("https://other.example", False)],
)
def test_origins_are_let_in_by_name(http: httpx.Client, origin: str, is_let_in: bool) -> None:
    answer = http.get("/health", headers={"Origin": origin})
    assert (answer.headers.get("access-control-allow-origin") == origin) is is_let_in


def preflight(
    address: str, path: str, method: str = "PATCH", origin: str = ORIGIN
) -> httpx.Response:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization, if-match, x-tenant-id",
    }
    with connect(address) as http:
        return http.options(path, headers=asked)


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/groups/01J0000000000000000000000Z", "DELETE, GET, PATCH"),
        ("/persons/01J0000000000000000000000Z/contacts/order", "PUT"),
        ("/health", "GET, HEAD"),
    ],
)
def test_browsers_may_ask_beforehand_and_are_told_the_paths_own_methods(
    set_up: str, path: str, methods: str
) -> None:
    answer = preflight(set_up, path, methods.rpartition(", ")[2])
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert answer.headers["access-control-allow-methods"] == answer.headers["allow"] == methods
    assert "if-match" in answer.headers["access-control-allow-headers"].lower()
    assert "origin" in answer.headers["vary"].lower()


@pytest.mark.parametrize(
    ("path", "method", "origin", "expected"),
    [
        ("/groups", "POST", "https://other.example", (403, "not-allowed")),
        ("/groups", "DELETE", ORIGIN, (405, "method-not-allowed")),
        ("/nothing", "GET", ORIGIN, (404, "not-found")),
    ],
)
def test_a_preflight_is_refused_with_a_problem(
    set_up: str, path: str, method: str, origin: str, expected: tuple[int, str]
) -> None:
    answer = preflight(set_up, path, method, origin)
    assert (answer.status_code, slug(answer.json())) == expected
    assert "access-control-allow-origin" not in answer.headers
    if path == "/groups":
        assert answer.headers["allow"] == "GET, POST"


def test_without_origins_there_is_no_preflight(base_url: str) -> None:
    answer = preflight(base_url, "/groups", "POST")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, POST"


def test_the_life_of_a_token_is_a_setting(http: httpx.Client, database: Database) -> None:
    form = {"username": database.admin_email, "password": database.admin_password}
    answer = http.post("/me/signin", data=form)
    assert answer.json()["expires_in"] == 60


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NEXUS_SESSION_IDLE_SECONDS", "59"),
        ("NEXUS_SESSION_IDLE_SECONDS", "an hour"),
        ("NEXUS_SESSION_LIFETIME_SECONDS", "31536001"),
        ("NEXUS_SESSION_LIFETIME_SECONDS", "-60"),
        ("NEXUS_ATTACHMENT_MAX_BYTES", "0"),
        ("NEXUS_TENANTS_PER_DAY", "1e3"),
        ("NEXUS_TOKEN_KEY", KEY[:-1]),
        ("NEXUS_TOKEN_KEY", f"{KEY},"),
        ("NEXUS_TOKEN_KEY", f"{KEY},{OTHER[:-1]}"),
        ("NEXUS_TOKEN_KEY", f"{KEY}, {KEY}"),
        ("NEXUS_TOKEN_KEY", f"{KEY},{OTHER},{'a' * 32},{'b' * 32}"),
        ("NEXUS_TOKEN_KEY", "ключ" * 8),
        *(
            ("NEXUS_DATABASE_URL", url)
            for url in (
                "none",
                "postgresql://u:hidden/w@h/d",
                "postgresql://u:1/hidden@h/d",
                "postgresql://u:hidden?w@h/d",
                "postgresql://u:hidden#w@h/d",
                "postgresql://u:hidden@w@h/d",
                "postgresql://u:hidden[w@h/d",
                "postgresql://u:hidden@h:none/d",
                "postgresql://u:hidden@h/d?sslmode=require",
            )
        ),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(name: str, value: str) -> None:
    with (
        kernel(**{"NEXUS_DATABASE_URL": NOWHERE, name: value}),
        pytest.raises(SettingInvalid, match=f"^{name}.* (takes|needs|is) ") as refusal,
    ):
        settings()
    assert "hidden" not in str(refusal.value)
    if name == "NEXUS_TOKEN_KEY":
        assert not any(key.strip() in str(refusal.value) for key in value.split(",") if key)


def test_keys_are_read_in_their_order() -> None:
    with kernel(NEXUS_DATABASE_URL=NOWHERE, NEXUS_TOKEN_KEY=f"{OTHER}, {KEY}\n"):
        assert settings().token_keys == (OTHER.encode(), KEY.encode())
