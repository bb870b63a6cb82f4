"""What other modules have done here: in their transaction, by this module's rules."""

from collections.abc import Iterator

import pytest

from nexus.access.scope import Scope
from nexus.access.tokens import Token
from nexus.db.engine import engine
from nexus.pg import driver
from nexus.problems import ValidationFailed
from projects.commands import open_issue
from tests.support.issues import shared_project
from tests.support.people import Tenant, unique
from tests.support.stack import Database, kernel


@pytest.fixture
def scope(tenant: Tenant, database: Database) -> Iterator[Scope]:
    """A request of a member, whose transaction the test ends."""
    with kernel(**database.variables(database.app_url)), engine().connect() as connection:
        yield Scope(connection, "test", Token.parse(tenant.member.token or ""), tenant.id)


def test_an_issue_is_opened_in_the_callers_transaction(scope: Scope, tenant: Tenant) -> None:
    title, home = unique("Repair"), shared_project(tenant.member, "MS")
    kept = open_issue(scope, title=title, issue_type="repair", project_id=home)
    assert tenant.member.items("/issues", id=kept["id"]) == []
    driver(scope.connection).commit()
    shown = tenant.member.get(f"/issues/{kept['id']}")
    assert (shown["title"], shown["kind"], shown["project_id"]) == (title, "repair", home)
    assert shown["reporter_id"] == tenant.member.user["id"]


def test_what_opens_none_raises(scope: Scope) -> None:
    with pytest.raises(ValidationFailed, match="issue_type"):
        open_issue(scope, title="x", issue_type="nope")
