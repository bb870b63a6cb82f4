"""The token key is rotated in steps, and at none of them does a caller notice: neither where the
release before still answers, nor where it is rolled back."""

import os
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from tests.support.api import Api, slug
from tests.support.database import Session
from tests.support.inside import Reaching
from tests.support.people import Tenant, World, made_up_password, unique
from tests.support.races import eventually
from tests.support.stack import REPOSITORY, Database, kernel

FORMER, NEXT = "former" * 6, "next" * 9
STEPS = [(FORMER,), (FORMER, NEXT), (NEXT, FORMER), (NEXT,)]
TURNS = [turn for step in pairwise(STEPS) for turn in (step, step[::-1])]
USED = """
    SELECT id FROM sessions WHERE user_id = :id AND last_used_at > now() - interval '1 minute'
"""

type Keys = tuple[str, ...]
type Keyed = Callable[[Keys], AbstractContextManager[httpx.Client]]


@pytest.fixture
def keyed(reaching: Reaching, database: Database) -> Keyed:
    """The apps in this process, with these keys."""

    @contextmanager
    def keyed(keys: Keys) -> Iterator[httpx.Client]:
        with reaching(database.app_url) as http, kernel(NEXUS_TOKEN_KEY=",".join(keys)):
            yield http

    return keyed


def sign_in(http: httpx.Client, caller: Api, key: str | None = None) -> Api:
    form = {"username": caller.user["username"], "password": caller.password}
    headers = {"Idempotency-Key": key} if key else {}
    answer = Api(http).expect(200, "POST", "/me/signin", data=form, headers=headers)
    return caller.through(http).bearing(answer.json()["access_token"])


@pytest.mark.parametrize(("before", "after"), TURNS)
def test_what_one_step_has_signed_the_next_and_the_last_know(
    keyed: Keyed, tenant: Tenant, before: Keys, after: Keys
) -> None:
    key, body = unique("key"), {"name": unique("Group")}
    with keyed(before) as http:
        caller = sign_in(http, tenant.admin, key)
        page = caller.get("/groups", limit=1)
        made = caller.post("/groups", body, headers={"Idempotency-Key": key})
    with keyed(after) as http:
        caller = caller.through(http)
        assert sign_in(http, tenant.admin, key).token == caller.token
        assert caller.get("/groups", limit=1, cursor=page["next"])["items"] != page["items"]
        assert caller.post("/groups", body, headers={"Idempotency-Key": key}) == made
        other = {"name": unique("Group")}
        caller.refused(422, "POST", "/groups", other, headers={"Idempotency-Key": key})
        caller.expect(204, "POST", "/me/signout")
    with keyed(before) as http:
        caller.through(http).refused(401, "GET", "/me")


def test_a_key_that_was_taken_away_signs_everybody_out(keyed: Keyed, tenant: Tenant) -> None:
    with keyed((FORMER,)) as http:
        caller = sign_in(http, tenant.admin)
        page = caller.get("/groups", limit=1)
    with keyed((NEXT,)) as http:
        caller.through(http).refused(401, "GET", "/me")
        later = sign_in(http, tenant.admin)
        query = {"limit": 1, "cursor": page["next"]}
        problem = later.refused(400, "GET", "/groups", params=query)
        assert slug(problem) == "invalid-cursor"


def test_a_session_of_a_former_key_is_seen_to_be_used(
    keyed: Keyed, world: World, superuser: Session
) -> None:
    with keyed((FORMER,)) as http:
        caller = sign_in(http, world.sign_up())
    idle = "UPDATE sessions SET last_used_at = now() - interval '1 hour' WHERE user_id = :id"
    superuser.run(idle, id=caller.user["id"])
    with keyed((NEXT, FORMER)) as http:
        caller.through(http).get("/me")
        assert eventually(lambda: superuser.column(USED, id=caller.user["id"]))


def test_a_request_in_flight_is_not_begun_again_by_the_next_step(
    keyed: Keyed, world: World, database: Database, holder: Session
) -> None:
    caller, key = world.sign_up(), {"Idempotency-Key": unique("key")}
    change = {"current_password": caller.password, "new_password": made_up_password()}
    holder.run("BEGIN")
    holder.run("SELECT FROM users WHERE id = :id FOR UPDATE", id=caller.user["id"])
    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(caller.send, "POST", "/me/password", headers=key, json=change)
        eventually(lambda: first.done() or holder.holds_up_another())
        with keyed((NEXT, database.token_key)) as http:
            problem = caller.through(http).refused(409, "POST", "/me/password", change, headers=key)
        holder.run("COMMIT")
        assert first.result().status_code == 204
    assert slug(problem) == "request-in-flight"


STAND_IN = """
make() { echo >> keys; cat keys >> deployed; }
aws() {
    case "$2" in
        get-random-password) echo "$NEXT" ;;
        get-secret-value) cat keys ;;
        put-secret-value) cat "${@: -1}" > keys ;;
    esac
}
"""


def test_the_commands_lead_from_step_to_step(tmp_path: Path) -> None:
    guide = (REPOSITORY / "docs" / "operations.md").read_text()
    told = guide.partition("### The token key\n")[2].partition("\nWith the second step")[0]
    commands = "\n".join(line for line in told.splitlines() if line.startswith("    "))
    (tmp_path / "keys").write_text(FORMER)
    script = STAND_IN + commands.replace("file:///dev/stdin", "/dev/stdin")
    subprocess.run(
        ["bash", "-euc", script],
        cwd=tmp_path,
        env={"NEXT": NEXT, "PATH": os.environ["PATH"]},
        check=True,
    )
    assert (tmp_path / "deployed").read_text().split() == [",".join(keys) for keys in STEPS[1:]]
