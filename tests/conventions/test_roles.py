"""What the API's role is not able to do, whatever the API's code says."""

from collections.abc import Iterator

import pytest

from tests.support.database import Session
from tests.support.people import Tenant
from tests.support.stack import Database

ROLES = ("nexus_app", "nexus_housekeeping")
POWERS = """
    SELECT rolname FROM pg_roles WHERE rolname = ANY (:roles) AND (rolsuper OR rolbypassrls
    OR rolcreaterole OR rolcreatedb OR rolreplication OR NOT rolcanlogin)
"""
MEMBERSHIPS = """
    SELECT g.rolname FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member
    JOIN pg_roles g ON g.oid = m.roleid WHERE r.rolname = ANY (:roles)
"""
OWNED = """
    SELECT c.relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
    WHERE r.rolname = ANY (:roles)
"""
EXTRA_GRANTS = """
    SELECT DISTINCT table_name || ': ' || privilege_type FROM information_schema.role_table_grants
    WHERE grantee IN ('nexus_app', 'PUBLIC') AND table_schema = 'public'
    AND privilege_type IN ('TRUNCATE', 'TRIGGER', 'REFERENCES')
"""
DENIED = ("permission denied", "must be owner", "row-level security")
DDL = [
    "CREATE TABLE public.mine (id int)",
    "CREATE TABLE nexus.mine (id int)",
    "CREATE SCHEMA mine",
    "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "ALTER TABLE groups ADD COLUMN mine int",
    "ALTER TABLE groups DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE groups NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE groups DISABLE TRIGGER ALL",
    "DROP POLICY reads ON groups",
    "DROP TABLE groups",
    "TRUNCATE groups",
    "SET ROLE nexus_owner",
    "SET SESSION AUTHORIZATION nexus_owner",
    "ALTER ROLE nexus_app BYPASSRLS",
    "SET session_replication_role = replica",
    "COPY groups TO PROGRAM 'true'",
    "CREATE EXTENSION dblink",
]
AUDIT_WRITES = [
    "UPDATE audit_events SET actor_id = 'x'",
    "DELETE FROM audit_events",
    "TRUNCATE audit_events",
    "INSERT INTO audit_events (id, action, resource, record_id, changes)"
    " VALUES ('x', 'insert', 'groups', 'x', '{}')",
]
HELD_BACK = "SELECT coalesce(rolconfig, '{}') FROM pg_roles WHERE rolname = 'nexus_app'"


@pytest.fixture
def app(database: Database) -> Iterator[Session]:
    with Session(database.app_url) as session:
        yield session


def is_denied(told: str) -> bool:
    return any(reason in told for reason in DENIED)


def test_it_has_no_power(superuser: Session) -> None:
    roles = list(ROLES)
    assert superuser.column(POWERS, roles=roles) == []
    assert superuser.column(MEMBERSHIPS, roles=roles) == []
    assert superuser.column(OWNED, roles=roles) == []
    assert superuser.column(EXTRA_GRANTS) == []


@pytest.mark.parametrize("statement", DDL)
def test_it_defines_nothing(app: Session, statement: str) -> None:
    with app.undone():
        assert is_denied(app.refusal(statement))


@pytest.mark.parametrize("statement", AUDIT_WRITES)
def test_it_changes_no_audit_row(app: Session, tenant: Tenant, statement: str) -> None:
    with app.undone():
        for name, value in (("tenant_id", tenant.id), ("user_id", tenant.admin.user["id"])):
            app.run("SELECT set_config(:name, :value, true)", name=f"nexus.{name}", value=value)
        assert app.value("SELECT count(*) FROM audit_events") > 0
        assert is_denied(app.refusal(statement))


def test_it_does_not_see_what_only_functions_handle(app: Session) -> None:
    for table in ("revoked_tokens", "sign_in_throttles"):
        assert is_denied(app.refusal(f"DELETE FROM {table}"))


def test_its_time_is_limited_below_the_gateways(app: Session) -> None:
    limits = "SELECT extract(epoch FROM current_setting(:name)::interval)"
    for name in ("statement_timeout", "lock_timeout"):
        assert 0 < app.value(limits, name=name) < 29, name
    assert app.value(limits, name="idle_in_transaction_session_timeout") > 0


def test_the_public_may_run_no_function_of_ours(superuser: Session) -> None:
    sql = """
        SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = 'nexus' AND has_function_privilege('public', p.oid, 'EXECUTE')
    """
    assert superuser.column(sql) == []


def test_every_function_with_its_owners_rights_fixes_its_search_path(superuser: Session) -> None:
    """Temporary objects last: unnamed, they would come first."""
    sql = """
        SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = 'nexus' AND p.prosecdef
        AND NOT 'search_path=pg_catalog, public, pg_temp' = ANY (coalesce(p.proconfig, '{}'))
    """
    assert superuser.column(sql) == []


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TEMPORARY TABLE memberships AS SELECT * FROM public.memberships",
        "CREATE TEMPORARY VIEW memberships AS SELECT * FROM public.memberships",
    ],
)
def test_it_puts_no_table_of_its_own_before_ours(app: Session, statement: str) -> None:
    with app.undone():
        assert "permission denied to create temporary tables" in app.refusal(statement)


def test_a_temporary_table_leads_no_function_astray(
    app: Session, superuser: Session, tenant: Tenant
) -> None:
    """Even if it could make one."""
    superuser.run("GRANT TEMPORARY ON DATABASE nexus TO nexus_app")
    try:
        with app.undone():
            app.run("CREATE TEMPORARY TABLE memberships AS SELECT * FROM public.memberships")
            app.run(
                "INSERT INTO pg_temp.memberships (group_id, user_id) VALUES (:group, :user)",
                group=tenant.group("administrators")["id"],
                user=tenant.member.user["id"],
            )
            reached = "SELECT is_administrator FROM nexus.reach(:user)"
            assert app.column(reached, user=tenant.member.user["id"]) == [False]
    finally:
        superuser.run("REVOKE TEMPORARY ON DATABASE nexus FROM nexus_app")
