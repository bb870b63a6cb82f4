"""Settings that change what users may do, each on a server of its own."""

import httpx
import pytest

from tests.support.api import connect
from tests.support.people import World, unique
from tests.support.stack import Database, serving

ORIGIN = "https://desk.example.org"


def test_making_tenants_can_be_left_to_root_administrators(
    database: Database, world: World
) -> None:
    user = world.sign_up()
    with (
        serving(database, workers=1, NEXUS_TENANT_CREATION="root") as address,
        connect(address) as http,
    ):
        user.through(http).refused(403, "POST", "/tenants", {"name": unique("Denied")})
        world.root.through(http).post("/tenants", {"name": unique("Granted")})


@pytest.mark.parametrize(
    ("origin", "is_let_in"), [(ORIGIN, True), ("https://other.example", False)]
)
def test_origins_are_let_in_by_name(database: Database, origin: str, is_let_in: bool) -> None:
    with (
        serving(database, workers=1, NEXUS_CORS_ORIGINS=f"{ORIGIN},https://b.example") as address,
        connect(address) as http,
    ):
        answer = http.get("/health", headers={"Origin": origin})
        assert (answer.headers.get("access-control-allow-origin") == origin) is is_let_in


def test_browsers_may_ask_beforehand(database: Database) -> None:
    asked = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "authorization, if-match, x-tenant-id",
    }
    with (
        serving(database, workers=1, NEXUS_CORS_ORIGINS=ORIGIN) as address,
        httpx.Client(base_url=address) as http,
    ):
        answer = http.options("/groups/01J0000000000000000000000Z", headers=asked)
        assert answer.status_code in {200, 204}
        assert answer.headers["access-control-allow-origin"] == ORIGIN
        assert "PATCH" in answer.headers["access-control-allow-methods"]
        assert "if-match" in answer.headers["access-control-allow-headers"].lower()


def test_the_life_of_a_token_is_a_setting(database: Database) -> None:
    with (
        serving(
            database,
            workers=1,
            NEXUS_SESSION_IDLE_SECONDS="120",
            NEXUS_SESSION_LIFETIME_SECONDS="60",
        ) as address,
        connect(address) as http,
    ):
        form = {"username": database.admin_email, "password": database.admin_password}
        answer = http.post("/me/signin", data=form)
        assert answer.json()["expires_in"] == 60
