"""How the migration hook signs in where passwords change by themselves: by IAM, once it may."""

from collections.abc import Iterator

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from local.postgres import Postgres
from migrations import master
from tests.support.database import Session


@pytest.fixture
def rds(server: Postgres) -> Iterator[Session]:
    """A server that knows the role that RDS has, and the roles of requests and jobs."""
    roles = ("rds_iam", *master.ROLES)
    with Session(server.url("postgres")) as session:
        known = session.column("SELECT rolname FROM pg_roles")
        made = [role for role in roles if role not in known]
        for role in made:
            session.run(f"CREATE ROLE {role}")
        yield session
        session.run("REVOKE rds_iam FROM nexus_app, nexus_housekeeping, CURRENT_USER")
        for role in made:
            session.run(f"DROP ROLE {role}")


def test_the_password_is_tried_where_the_token_is_refused(server: Postgres) -> None:
    url = make_url(server.url("postgres"))
    with master.sign_in(url, ["a token before IAM is let in", url.password]) as connection:
        assert connection.scalar(text("SELECT current_user")) == url.username


def test_where_both_are_refused_the_last_one_says_why(server: Postgres) -> None:
    with pytest.raises(DBAPIError) as refused:
        master.sign_in(make_url(server.url("postgres")), ["one", "another"])
    assert master.sqlstate_of(refused.value) == "28P01"


def test_what_waiting_would_not_mend_is_not_tried_twice(server: Postgres) -> None:
    url = make_url(server.url("no_such_database"))
    with pytest.raises(DBAPIError) as refused:
        master.sign_in(url, [url.password, "never sent"])
    assert master.sqlstate_of(refused.value) == "3D000"


def test_iam_lets_in_the_master_and_both_roles(server: Postgres, rds: Session) -> None:
    url = make_url(server.url("postgres"))
    for _ in range(2):  # each deployment does it
        with master.sign_in(url, [url.password]) as connection, connection.begin():
            master.let_iam_in(connection)
    members = rds.column(
        "SELECT member::regrole::text FROM pg_auth_members WHERE roleid = 'rds_iam'::regrole"
    )
    assert sorted(members) == sorted([*master.ROLES, str(url.username)])
