"""Each fault once: it begins under load, is met by requests, and ends. Where PostgreSQL is out of
reach, PgBouncer may have who asks wait until it is back."""

import os
import signal
import time
from collections.abc import Callable, Mapping
from functools import partial

import psutil

from local.workers import EARLY_SECONDS
from tests.attack.cutting import (
    ANSWER,
    ANSWER_TO_COMMIT,
    COMMIT,
    HALF_AN_ANSWER,
    REQUEST,
    Cut,
    CuttingWire,
)
from tests.attack.load import Load
from tests.attack.target import DIRECT, POOLED, WORKERS, Target
from tests.support.stack import Server

type Fault = Callable[[Target, Load], None]

TIMES = 2
TERMINATE = """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'nexus_app'
"""
CANCEL_WAITING = """
    SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity
    WHERE usename = 'nexus_app' AND cardinality(pg_blocking_pids(pid)) > 0
"""


def crash(target: Target, load: Load) -> None:
    """As `pg_ctl stop -m immediate` has it: nothing is finished, and the start recovers."""
    os.kill(target.postgres.pid, signal.SIGQUIT)
    load.is_refused(DIRECT)
    target.start_postgres()


def restart(target: Target, load: Load) -> None:
    target.postgres.stop()
    load.is_refused(DIRECT)
    target.start_postgres()


def starting_up(target: Target, load: Load) -> None:
    with target.to_postgres.starting_up():
        load.is_refused(DIRECT)


def terminate(target: Target, load: Load) -> None:
    with target.sql() as sql:
        for _ in range(3):
            sql.run(TERMINATE)
            load.goes_on()


def no_connection_left(target: Target, load: Load) -> None:
    with target.sql() as sql:
        sql.run("ALTER ROLE nexus_app CONNECTION LIMIT 0")
        try:
            sql.run(TERMINATE)
            load.is_refused(DIRECT)
        finally:
            sql.run("ALTER ROLE nexus_app CONNECTION LIMIT -1")


def cancel(target: Target, load: Load) -> None:
    """Of statements that wait for a lock."""
    with target.sql() as holder, target.sql() as sql, holder.undone():
        holder.run("LOCK TABLE persons IN SHARE ROW EXCLUSIVE MODE")
        for way in (DIRECT, POOLED):
            load.is_refused(way, by=lambda: sql.run(CANCEL_WAITING))


def kill_pooler(target: Target, load: Load) -> None:
    os.kill(target.pooler.pid, signal.SIGKILL)
    load.is_refused(POOLED)
    target.start_pooler()


def pause_pooler(target: Target, load: Load) -> None:
    """Its signals for PAUSE, RESUME and RELOAD; who waits meanwhile is answered in the end."""
    os.kill(target.pooler.pid, signal.SIGUSR1)
    load.goes_on(DIRECT)
    os.kill(target.pooler.pid, signal.SIGUSR2)
    load.goes_on()
    os.kill(target.pooler.pid, signal.SIGHUP)


def kill_workers(target: Target, load: Load) -> None:
    """The youngest of each server, for the others' memory is watched; but a server does not survive
    several that die early."""
    for server in target.servers.values():
        killed = server.workers()[-1]
        load.until(partial(is_grown, killed))
        killed.kill()
        load.until(partial(is_replaced, killed, server))


def is_grown(worker: psutil.Process) -> bool:
    return time.time() - worker.create_time() > EARLY_SECONDS


def is_replaced(worker: psutil.Process, server: Server) -> bool:
    workers = server.workers()
    return worker not in workers and len(workers) == WORKERS


def cut_at(cut: Cut, wires: Callable[[Target], list[CuttingWire]]) -> Fault:
    def fault(target: Target, load: Load) -> None:
        for wire in wires(target):
            wire.cut_at(*[cut] * TIMES)
        load.until(lambda: all(wire.has_cut() for wire in wires(target)))

    return fault


JOINTS: Mapping[str, Callable[[Target], list[CuttingWire]]] = {
    "to the API": lambda target: list(target.to_servers.values()),
    "to PostgreSQL": lambda target: [target.to_postgres],
    "to PgBouncer": lambda target: [target.to_pooler],
}
CUTS = {"before a request": REQUEST, "before an answer": ANSWER, "in an answer": HALF_AN_ANSWER}
OF_DATABASES = {"before COMMIT": COMMIT, "before its answer": ANSWER_TO_COMMIT}

FAULTS: Mapping[str, Fault] = {
    "PostgreSQL crashes": crash,
    "PostgreSQL restarts": restart,
    "PostgreSQL is starting up": starting_up,
    "PostgreSQL ends all connections": terminate,
    "PostgreSQL has no connection left": no_connection_left,
    "PostgreSQL cancels statements": cancel,
    "PgBouncer is killed": kill_pooler,
    "PgBouncer pauses": pause_pooler,
    "workers are killed": kill_workers,
    **{
        f"the wire {joint} is cut {place}": cut_at(cut, wires)
        for joint, wires in JOINTS.items()
        for place, cut in (CUTS if joint == "to the API" else CUTS | OF_DATABASES).items()
    },
}
