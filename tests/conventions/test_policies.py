"""The database keeps tenants apart by itself: no code of the application takes part here."""

from collections.abc import Iterator

import pytest

from tests.support.api import Api
from tests.support.database import Session
from tests.support.documented import collections, parameters
from tests.support.makers import MAKERS, new_item, new_location, relate
from tests.support.people import Tenant, World, unique
from tests.support.stack import Database

TABLES = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY 1
"""
TENANT_TABLES = """
    SELECT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT a.attisdropped
      AND (a.attname IN ('tenant_id', 'user_id') OR c.relname IN ('tenants', 'users'))
    GROUP BY 1 ORDER BY 1
"""
# What all tenants share, by the document.
CATALOGS = {
    path.rpartition("/")[2].replace("-", "_")
    for path in collections()
    if "scope" in parameters(path)
}
UNPROTECTED = """
    SELECT relname FROM pg_class WHERE relname = ANY (:names) AND relkind IN ('r', 'p')
    AND NOT (relrowsecurity AND relforcerowsecurity)
"""
APPENDED = {"asset_circulations"}  # what happened: the API's role adds to it, and no more
OPEN_TO_ALL = """
    SELECT tablename || '.' || policyname FROM pg_policies
    WHERE 'nexus_app' = ANY (roles) AND coalesce(qual, with_check) = 'true'
"""


@pytest.fixture
def app(database: Database) -> Iterator[Session]:
    """As the API's own role, with none of the API's code between."""
    with Session(database.app_url) as session:
        yield session


@pytest.fixture(scope="module")
def tenant_tables(superuser: Session) -> list[str]:
    return superuser.column(TENANT_TABLES)


@pytest.fixture(scope="module")
def readable(superuser: Session, tenant_tables: list[str]) -> list[str]:
    """Of those the ones that are not for functions alone."""
    may_read = "SELECT has_table_privilege('nexus_app', :table, 'SELECT')"
    return [table for table in tenant_tables if superuser.value(may_read, table=table)]


@pytest.fixture(scope="module")
def filled(world: World) -> list[Tenant]:
    """Two tenants with something in each table that the API can fill."""
    tenants = [world.new_tenant() for _ in range(2)]
    for tenant in tenants:
        outer, inner = tenant.new_group(), tenant.new_group()
        tenant.add(outer, member_group_id=inner["id"])
        tenant.admin.post("/location-types", {"name": unique("Type")})
        new_location(tenant.admin)
        relate(tenant.admin, new_item(tenant.admin), new_item(tenant.admin))
        identity = {"first_name": "Zoë", "last_name": unique("Ito")}
        person = tenant.admin.post("/persons", {"identity": identity})
        contact = {"type": "other", "value": "third desk"}
        tenant.admin.post(f"/persons/{person['id']}/contacts", contact)
        tenant.admin.get("/me/preferences")
        tenant.admin.act("/me/current-tenant", {"tenant_id": tenant.id})
    return tenants


def enter(app: Session, caller: Api) -> None:
    """The context that the kernel's one statement sets, in a transaction of its own."""
    context = {"user_id": caller.user["id"], "tenant_id": caller.tenant_id or "", "request_id": "x"}
    for name, value in context.items():
        app.run("SELECT set_config(:name, :value, true)", name=f"nexus.{name}", value=value)


def test_there_are_tenant_tables(tenant_tables: list[str]) -> None:
    assert {"tenants", "users", "groups", "memberships", "location_types"} <= set(tenant_tables)
    assert {"sessions", "preferences", "audit_events", "projects"} <= set(tenant_tables)


def test_every_tenant_table_has_forced_policies(
    superuser: Session, tenant_tables: list[str]
) -> None:
    assert superuser.column(UNPROTECTED, names=tenant_tables) == []


def test_no_policy_lets_everything_through(superuser: Session) -> None:
    assert superuser.column(OPEN_TO_ALL) == []


def test_without_a_context_nothing_is_seen(
    app: Session, readable: list[str], filled: list[Tenant]
) -> None:
    assert filled
    for table in readable:
        assert app.value(f"SELECT count(*) FROM {table}") == 0, table


def test_with_an_empty_context_nothing_is_seen(
    app: Session, readable: list[str], filled: list[Tenant]
) -> None:
    assert filled
    for value in ("", " ", "%", "*", "NULL", "' OR true"):
        with app.undone():
            for name in ("nexus.tenant_id", "nexus.user_id"):
                app.run("SELECT set_config(:name, :value, true)", name=name, value=value)
            for table in set(readable) - CATALOGS:
                assert app.value(f"SELECT count(*) FROM {table}") == 0, (table, value)


def test_a_context_ends_with_its_transaction(app: Session, filled: list[Tenant]) -> None:
    with app.undone():
        enter(app, filled[0].admin)
        assert app.value("SELECT count(*) FROM groups") > 0
    assert app.value("SELECT count(*) FROM groups") == 0


def test_a_tenant_sees_its_own_and_what_is_shared(
    app: Session, superuser: Session, readable: list[str], filled: list[Tenant], root: Api
) -> None:
    own, other = filled
    with app.undone():
        enter(app, own.admin)
        for table in with_column(superuser, readable, "tenant_id"):
            seen = set(app.column(f"SELECT DISTINCT tenant_id FROM {table}"))
            assert seen <= {own.id, root.tenant_id, None}, table
            assert other.id not in seen
        assert app.column("SELECT id FROM tenants") == [own.id]
        users = {own.admin.user["id"], own.member.user["id"]}
        assert set(app.column("SELECT id FROM users")) == users
        for table in ("sessions", "preferences"):
            seen = set(app.column(f"SELECT DISTINCT user_id FROM {table}"))
            assert seen == {own.admin.user["id"]}, table


def test_only_catalogs_show_what_is_shared(
    app: Session, superuser: Session, readable: list[str], filled: list[Tenant], root: Api
) -> None:
    for unseeded in ("manufacturer_id", "asset_model_id"):
        MAKERS[unseeded].new(root)
    with app.undone():
        enter(app, filled[0].admin)
        shared = {
            table
            for table in with_column(superuser, readable, "tenant_id")
            if root.tenant_id in app.column(f"SELECT tenant_id FROM {table}")
        }
    assert shared == CATALOGS


def test_the_search_views_show_no_more(
    app: Session, superuser: Session, filled: list[Tenant]
) -> None:
    views = superuser.column("SELECT viewname FROM pg_views WHERE schemaname = 'search'")
    tables = superuser.column(TABLES)
    assert "groups" in views
    for view in views:
        source = view if view in tables else f"nexus.{view}"
        assert app.value(f"SELECT count(*) FROM search.{view}") == 0, view
        with app.undone():
            enter(app, filled[0].admin)
            seen = set(app.column(f"SELECT s::text FROM search.{view} s"))
            assert seen <= set(app.column(f"SELECT t::text FROM {source} t")), view


def test_what_is_written_blindly_stays_in_the_tenant(
    app: Session, superuser: Session, tenant_tables: list[str], filled: list[Tenant]
) -> None:
    """An UPDATE without WHERE reads nothing, so the policies for reading do not hold it back."""
    own, other = filled
    for table in set(with_column(superuser, tenant_tables, "created_at")) - APPENDED:
        with app.undone():
            enter(app, own.admin)
            seen = app.value(f"SELECT count(*) FROM {table}")
            assert app.count(f"UPDATE {table} SET updated_at = now()") <= seen, table
    assert other.admin.get("/me")["version"] == 1


def test_what_happened_is_neither_changed_nor_removed(app: Session, filled: list[Tenant]) -> None:
    for table in APPENDED:
        for statement in (f"UPDATE {table} SET updated_at = now()", f"DELETE FROM {table}"):
            with app.undone():
                enter(app, filled[0].admin)
                assert "permission denied" in app.refusal(statement), statement


def test_rows_are_not_written_for_another_tenant(
    app: Session, superuser: Session, tenant_tables: list[str], filled: list[Tenant], root: Api
) -> None:
    own, other = filled
    for table in with_column(superuser, tenant_tables, "tenant_id"):
        for target in (other.id, root.tenant_id):
            with app.undone():
                enter(app, own.admin)
                told = app.refusal(
                    f"INSERT INTO {table} (tenant_id) VALUES (:tenant)", tenant=target
                )
                assert is_denied(told), (table, told)


def test_rows_are_not_moved_to_another_tenant(app: Session, filled: list[Tenant]) -> None:
    own, other = filled
    for table in ("groups", "location_types"):
        with app.undone():
            enter(app, own.admin)
            told = app.refusal(f"UPDATE {table} SET tenant_id = :other", other=other.id)
            assert is_denied(told), (table, told)


def is_denied(told: str) -> bool:
    return "row-level security" in told or "permission denied" in told


def with_column(superuser: Session, tables: list[str], column: str) -> list[str]:
    sql = """
        SELECT table_name FROM information_schema.columns WHERE table_schema = 'public'
        AND column_name = :column AND table_name = ANY (:tables) ORDER BY 1
    """
    return superuser.column(sql, column=column, tables=tables)
