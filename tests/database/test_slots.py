"""Slots of attempts: whoever waits for one holds none, so that no two wait for each other."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from tests.support.database import Session
from tests.support.people import unique
from tests.support.races import eventually
from tests.support.stack import Database

TAKE = "SELECT slot FROM nexus.take_slot(:throttle, 2)"
FAILED = "SELECT nexus.count_failure(:throttle, 2, 1, 2)"
WAIT_FOR_THE_SECOND = """
    SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND pid = ANY (:pids)
    AND (classid::bigint << 32 | objid::bigint) = nexus.slot_lock(:throttle, 2)
"""
WAIT = """
    SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND pid = ANY (:pids)
"""
HOLD = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = ANY (:pids)"


def test_nobody_waits_with_a_slot_in_hand(database: Database, superuser: Session) -> None:
    throttle = unique("throttle")
    with ExitStack() as stack, ThreadPoolExecutor(6) as threads:
        sessions = [stack.enter_context(Session(database.superuser_url)) for _ in range(8)]
        first, second, *others = sessions
        for place, holder in enumerate((first, second), start=1):
            holder.run("BEGIN")
            assert holder.value(TAKE, throttle=throttle) == place
        pids = [other.value("SELECT pg_backend_pid()") for other in others]
        taken = [threads.submit(other.value, TAKE, throttle=throttle) for other in others]
        eventually(lambda: superuser.value(WAIT, pids=pids) == len(others))
        first.run(FAILED, throttle=throttle)
        first.run("COMMIT")
        waiting = {"pids": pids, "throttle": throttle}
        eventually(lambda: superuser.value(WAIT_FOR_THE_SECOND, **waiting) == len(others))
        assert superuser.value(HOLD, pids=pids) == 0
        second.run("COMMIT")
        assert [future.result() for future in taken] == [2] * len(others)
