"""A database that takes no connection, or has become another, is said with 503, by every way in."""

import socket
from typing import NoReturn

import pytest

from tests.support.api import Api, slug
from tests.support.database import Session
from tests.support.inside import Reaching, at
from tests.support.people import Tenant, unique
from tests.support.refusing import refusing
from tests.support.stack import Database

# By a server that begins, recovers or stops, or is full; what an operator has to mend is an error.
WARNED = ["57P03", "53300", "53200", "55000", "08P01"]
ERRORS = ["28P01", "28000", "3D000", "42501"]


def check_unavailable(api: Api, tenant: Tenant) -> None:
    """Of those that need a database: with a token and without, to read and to write."""
    admin = tenant.admin.through(api.http)
    form = {"username": "x", "password": "y"}
    for problem in (
        api.refused(503, "GET", "/health"),
        api.expect(503, "POST", "/me/signin", data=form).json(),
        admin.refused(503, "GET", "/groups"),
        admin.refused(503, "POST", "/groups", {"name": unique("Nowhere")}),
    ):
        assert slug(problem) == "unavailable"
        assert "secret-word" not in str(problem)
    api.expect(503, "HEAD", "/health")


@pytest.mark.parametrize("state", WARNED + ERRORS)
def test_a_refused_connection_is_said_and_logged_once(
    reaching: Reaching,
    database: Database,
    tenant: Tenant,
    caplog: pytest.LogCaptureFixture,
    state: str,
) -> None:
    level = "ERROR" if state in ERRORS else "WARNING"
    for severity in ({"S": "FATAL", "V": "FATAL"}, {"S": "FATAL"}):  # as PgBouncer sends it
        with (
            refusing(**severity, C=state, M="secret-word") as port,
            reaching(at(database, port=port)) as http,
        ):
            caplog.clear()
            check_unavailable(Api(http), tenant)
        told = [(r.levelname, vars(r)["members"]["sqlstate"]) for r in caplog.records]
        assert told == [(level, state)] * 5


def test_a_host_that_does_not_resolve_is_said(
    reaching: Reaching, database: Database, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> NoReturn:
        raise socket.gaierror(socket.EAI_NONAME, "secret-word")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with reaching(at(database, host="database.example")) as http:
        check_unavailable(Api(http), tenant)


def test_a_wrong_password_is_said(reaching: Reaching, database: Database, tenant: Tenant) -> None:
    with reaching(at(database, password="secret-word")) as http:
        check_unavailable(Api(http), tenant)


def test_a_role_without_a_connection_left_is_said(
    reaching: Reaching, database: Database, tenant: Tenant, superuser: Session
) -> None:
    superuser.run("ALTER ROLE nexus_app CONNECTION LIMIT 0")
    try:
        with reaching(database.app_url) as http:
            check_unavailable(Api(http), tenant)
    finally:
        superuser.run("ALTER ROLE nexus_app CONNECTION LIMIT -1")


def test_a_server_that_only_reads_is_said_and_left(
    reaching: Reaching, database: Database, tenant: Tenant, superuser: Session
) -> None:
    """The next request connects again: the name may lead to the new writer by then."""
    role = "ALTER ROLE nexus_app IN DATABASE nexus"
    with reaching(database.app_url) as http:
        admin = tenant.admin.through(http)
        superuser.run(f"{role} SET default_transaction_read_only = on")
        try:
            body = {"name": unique("Written")}
            assert slug(admin.refused(503, "POST", "/groups", body)) == "unavailable"
        finally:
            superuser.run(f"{role} RESET default_transaction_read_only")
        admin.post("/groups", body)
