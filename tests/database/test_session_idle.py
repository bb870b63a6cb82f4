"""A session that is idle for less than its idle time lives."""

import pytest

from tests.support.database import Session
from tests.support.people import World
from tests.support.races import eventually

# Turns a session's clock back by so long.
LATER = """
    UPDATE sessions SET last_used_at = last_used_at - CAST(:by AS interval),
        expires_at = expires_at - CAST(:by AS interval) WHERE user_id = :id
"""
LEFT = "SELECT expires_at - now() >= CAST(:idle AS interval) FROM sessions WHERE user_id = :id"
IDLE = "12 hours"  # of the tests' settings, as of those that are deployed


@pytest.mark.parametrize("seconds", [1, 30, 59, 61, 3600])
def test_each_use_gives_the_whole_idle_time(world: World, superuser: Session, seconds: int) -> None:
    caller = world.sign_up()
    given = {"id": caller.user["id"]}
    assert superuser.value(LEFT, idle=IDLE, **given)
    for _ in range(3):
        superuser.run(LATER, by=f"{seconds} seconds", **given)
        caller.get("/me")
        eventually(
            lambda: superuser.value(LEFT, idle=IDLE, **given)
        )  # nobody waits for that commit


def test_a_session_in_use_is_written_once_a_minute(world: World, superuser: Session) -> None:
    caller = world.sign_up()
    used = "SELECT last_used_at FROM sessions WHERE user_id = :id"
    before = superuser.value(used, id=caller.user["id"])
    for _ in range(3):
        superuser.run(LATER, by="10 seconds", id=caller.user["id"])
        caller.get("/me")
    moved = "SELECT last_used_at < CAST(:before AS timestamptz) FROM sessions WHERE user_id = :id"
    assert superuser.value(moved, before=before, id=caller.user["id"])
