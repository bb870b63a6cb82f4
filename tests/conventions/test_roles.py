"""What the API's role is not able to do, whatever the API's code says."""

from collections.abc import Iterator

import pytest

from tests.support.api import Api
from tests.support.database import Session
from tests.support.people import Tenant, World
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
# Columns whose change makes no event of its own (audit triggers have them as second argument):
# those that the role may write.
FOLLOWING = r"""
    SELECT t.tgrelid::regclass || '.' || name FROM pg_trigger t
    CROSS JOIN string_to_table(split_part(encode(t.tgargs, 'escape'), '\000', 2), ',') AS name
    WHERE t.tgname = 'audit' AND name <> ''
    AND (has_column_privilege('nexus_app', t.tgrelid, name, 'INSERT')
         OR has_column_privilege('nexus_app', t.tgrelid, name, 'UPDATE'))
"""
WRITTEN_BY_SERVICES = {
    "asset_assignments.closed_by_id",
    "asset_assignments.ended_at",
    "asset_assignments.opened_by_id",
    "asset_assignments.started_at",
    "attachments.checked_at",
    "attachments.uploaded_at",
    "identities.is_current",
    "sessions.expires_at",
    "sessions.last_used_at",
    "users.last_signed_in_at",
}
HELD_BACK = "SELECT coalesce(rolconfig, '{}') FROM pg_roles WHERE rolname = 'nexus_app'"


HANDLED_BY_FUNCTIONS = (
    "idempotency_keys",
    "known_addresses",
    "quotas",
    "revoked_tokens",
    "sign_in_throttles",
)
# Each function that the API may run, and why that gives it nothing more than the caller may have.
PURE = "computes from what it is given"
CONTEXT = "tells what the transaction's context says, or has it say why"
INVOKER = "reads with the caller's rights"
FUNCTIONS = {
    "accept_invitation": "the caller's own invitation",
    "activity_detail": INVOKER,
    "activity_kind": PURE,
    "administers_user": "yes or no, about the caller's own rights",
    "as_answered": PURE,
    "asset_changes": PURE,
    "asset_types_below": INVOKER,
    "asset_types_lock": PURE,
    "authenticate": "takes a token's hash; makes the context",
    "base32": PURE,
    "because": CONTEXT,
    "begin_attempt": "gives a hash to compare with: a stranger's way to sign in, or one's own",
    "claim_key": "an answer to the caller's own request, by a keyed hash of its key",
    "count_failures": "counts against keyed hashes of names and addresses",
    "day_of": INVOKER,
    "enter": "makes the context, as set_config does for everybody",
    "field_set": PURE,
    "fields_by_key": INVOKER,
    "find_user": "an id, by an exact name, to administrators who may invite by it",
    "fold_search": PURE,
    "fold_unique": PURE,
    "forgive_failures": "by keyed hashes of name and address",
    "free_project_key": "a key that the selected tenant's projects do not have",
    "free_slug": "a name for a new tenant, which the answer shows anyway",
    "generated_columns": "names of a table's columns",
    "groups_of": "of the selected tenant, whose members read its groups",
    "held_by_workflow_status": "counts of the selected tenant's rows",
    "hold_model": "how a model in reach is tracked",
    "impact": INVOKER,
    "invited_to": "names of what the caller is invited to",
    "is_administrator": "yes or no, about the caller",
    "is_open": INVOKER,
    "is_own": CONTEXT,
    "issue_changes": INVOKER,
    "joined_name": PURE,
    "keep_answer": "the answer to the request that claimed its key",
    "know_address": "the caller's own",
    "link_wording": INVOKER,
    "linked": INVOKER,
    "linked_issue": INVOKER,
    "locations_below": INVOKER,
    "locations_lock": PURE,
    "members_of_group": "of the selected tenant, whose members read its groups",
    "money": PURE,
    "note_use": "moves the session of a token's hash",
    "query_grams": PURE,
    "reached_tenants": CONTEXT,
    "reference_to": PURE,
    "references_to": "counts of the selected tenant's rows",
    "request_id": CONTEXT,
    "revoke_sessions": "the caller's, or of a user whom they administer",
    "root_tenant_id": PURE,
    "search_grams": PURE,
    "search_text": PURE,
    "sees_tenants_from": CONTEXT,
    "start_of": INVOKER,
    "step_of": "of an issue of the selected tenant",
    "take_quota": "counts against a keyed hash",
    "tenant_id": CONTEXT,
    "time_zone": INVOKER,
    "transition_form": INVOKER,
    "ulid": PURE,
    "ulid_time": PURE,
    "user_id": CONTEXT,
    "why_not": INVOKER,
}


@pytest.fixture
def app(database: Database) -> Iterator[Session]:
    with Session(database.app_url) as session:
        yield session


def is_denied(told: str) -> bool:
    return any(reason in told for reason in DENIED)


def enter(app: Session, caller: Api) -> None:
    context = {"user_id": caller.user["id"], "tenant_id": caller.tenant_id or ""}
    for name, value in context.items():
        app.run("SELECT set_config(:name, :value, true)", name=f"nexus.{name}", value=value)


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


def test_it_does_not_write_what_triggers_keep(superuser: Session) -> None:
    assert set(superuser.column(FOLLOWING)) == WRITTEN_BY_SERVICES


def test_it_does_not_see_what_only_functions_handle(app: Session) -> None:
    for table in HANDLED_BY_FUNCTIONS:
        for statement in (f"DELETE FROM {table}", f"SELECT FROM {table}"):
            assert is_denied(app.refusal(statement)), statement


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


def test_it_runs_what_is_listed(superuser: Session) -> None:
    sql = """
        SELECT DISTINCT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = 'nexus' AND has_function_privilege('nexus_app', p.oid, 'EXECUTE')
    """
    assert set(superuser.column(sql)) == FUNCTIONS.keys()


class TestWhatFunctionsGive:
    """Whatever user is named, just what the context's own may have."""

    def test_a_password_hash_is_a_strangers_or_ones_own(self, app: Session, tenant: Tenant) -> None:
        sql = "SELECT password_hash FROM nexus.begin_attempt(:name, 'n', 'a')"
        name = tenant.admin.user["username"]
        with app.undone():
            assert app.value(sql, name=name)
            enter(app, tenant.admin)
            assert app.value(sql, name=name)
            enter(app, tenant.member)
            assert app.value(sql, name=name) is None

    def test_users_are_found_by_administrators(
        self, app: Session, world: World, tenant: Tenant
    ) -> None:
        stranger = world.sign_up().user["username"]
        sql = "SELECT count(*) FROM nexus.find_user(:name, NULL)"
        with app.undone():
            assert app.value(sql, name=stranger) == 0
            enter(app, tenant.member)
            assert app.value(sql, name=stranger) == 0
            enter(app, tenant.admin)
            assert app.value(sql, name=stranger) == 1

    def test_sessions_are_ended_of_oneself_and_of_whom_one_administers(
        self, app: Session, world: World, tenant: Tenant, other_tenant: Tenant
    ) -> None:
        sql = "SELECT nexus.revoke_sessions(:id, NULL, NULL)"
        own, stranger = tenant.member.user["id"], world.sign_up().user["id"]
        for caller, ended in ((tenant.admin, own), (tenant.member, own), (world.root, stranger)):
            with app.undone():
                enter(app, caller)
                assert app.value(sql, id=ended) >= 1
        others = [
            (tenant.member, tenant.admin.user["id"]),
            (tenant.admin, stranger),
            (tenant.admin, other_tenant.member.user["id"]),
            (other_tenant.admin, own),
        ]
        for caller, victim in others:
            with app.undone():
                enter(app, caller)
                assert "not the caller's sessions" in app.refusal(sql, id=victim)
        with app.undone():
            assert "not the caller's sessions" in app.refusal(sql, id=own)

    def test_answers_are_ones_own(self, app: Session, tenant: Tenant) -> None:
        kept = "SELECT nexus.keep_answer('h', 200, '{}', 'secret', NULL, NULL)"
        claim = "SELECT body FROM nexus.claim_key('k', 'nobody', true)"
        with app.undone():
            enter(app, tenant.admin)
            app.run(claim)
            app.run(kept)
            assert app.value(claim) == "secret"
            enter(app, tenant.member)
            assert app.value(claim) is None

    def test_nobody_is_added_unasked(self, app: Session, world: World, tenant: Tenant) -> None:
        added = """
            INSERT INTO memberships (id, tenant_id, group_id, user_id, accepted_at)
            VALUES ('01J0000000000000000000000Z', :tenant, :group, :user, now())
        """
        given = {"tenant": tenant.id, "group": tenant.group("users")["id"]}
        with app.undone():
            enter(app, tenant.admin)
            told = app.refusal(added, **given, user=world.sign_up().user["id"])
            assert "ck_memberships_consent" in told


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
            enter(app, tenant.member)
            assert app.value("SELECT nexus.is_administrator()") is False
    finally:
        superuser.run("REVOKE TEMPORARY ON DATABASE nexus FROM nexus_app")
