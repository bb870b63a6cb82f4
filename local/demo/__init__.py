"""Demo data for a fresh database, made by the services, the same at every first start."""

import multiprocessing
from collections.abc import Callable

from fastapi import Request
from ulid import ULID

from local.demo.assets import assets, repairs
from local.demo.ids import make
from local.demo.issues import issues
from local.demo.known import known
from local.demo.network import network
from local.demo.people import people
from local.demo.places import places
from local.demo.schooling import schooling
from local.demo.session import Demo
from local.demo.users import groups, users
from local.log import Log
from nexus.access.scope import Scope
from nexus.access.tokens import Token
from nexus.db.engine import engine
from nexus.pg import driver
from system.sessions.service import Sessions, sign_in
from system.tenants.schemas import TenantCreate
from system.tenants.service import Tenants

type Part = Callable[[Demo], None]

TENANT = "Lakeside School District"

# A module that moves in adds its part here; each may use what the ones before it have made.
PARTS: tuple[Part, ...] = (
    users,
    groups,
    places,
    people,
    schooling,
    assets,
    network,
    issues,
    repairs,
    known,
)


def load(username: str, password: str, log: Log) -> None:
    """Loads all or nothing, in a process of its own, so that this one opens no connection."""
    process = multiprocessing.get_context("fork").Process(
        target=_load, args=(username, password, log)
    )
    process.start()
    process.join()
    if process.exitcode:
        print(f"nexus: the demo data were not loaded (log: {log.path}).", flush=True)


def _load(username: str, password: str, log: Log) -> None:
    log.take_output()
    request_id, request = str(ULID()), Request({"type": "http", "headers": []})
    with engine().connect() as connection:
        driver(connection).prepares = True  # no pooler is between
        session = sign_in(Scope(connection, request_id), username, password, request)
        scope = Scope(connection, request_id, Token.parse(session["access_token"]))
        fill(scope)
        Sessions(scope).delete(scope.session_id)
        driver(connection).commit()


def fill(scope: Scope) -> None:
    """Makes the district, by an administrator of the root tenant."""
    # What is said a thousand times is planned once, however its values differ.
    scope.connection.exec_driver_sql("SET LOCAL plan_cache_mode = force_generic_plan")
    make(Tenants(scope), "LSD", TenantCreate(name=TENANT))
    demo = Demo(scope)
    for part in PARTS:
        part(demo)
        demo.plan_anew()
