"""After the migrations: how the roles sign in, and the first administrator."""

from sqlalchemy import Connection, text
from ulid import ULID

from migrations.master import let_iam_in
from nexus.access.passwords import hash_password, weakness
from nexus.access.scope import ROOT_TENANT_ID
from nexus.settings import SettingInvalid, Settings

ADMINISTRATOR = "administrator"


def bootstrap(connection: Connection, settings: Settings) -> None:
    """Safe to run at every deploy: passwords are set anew, an administrator is made only where the
    root tenant has none and an address and a password are given. Raises SettingInvalid for a weak
    password."""
    _set_password(connection, "nexus_app", settings.app_password)
    _set_password(connection, "nexus_housekeeping", settings.housekeeping_password)
    if settings.database_iam:
        let_iam_in(connection)
    connection.execute(text("SET LOCAL ROLE nexus_owner"))
    if settings.admin_email and settings.admin_password and not _has_administrator(connection):
        _create_administrator(connection, settings.admin_email.lower(), settings.admin_password)


def _set_password(connection: Connection, role: str, password: str | None) -> None:
    if password is None:
        return
    # DDL takes no parameters: the server quotes the literal.
    statement = connection.scalar(
        text(
            "SELECT format("
            "'ALTER ROLE %I PASSWORD %L', CAST(:role AS text), CAST(:password AS text))"
        ),
        {"role": role, "password": password},
    )
    connection.exec_driver_sql(str(statement))


def _has_administrator(connection: Connection) -> bool:
    found = connection.scalar(
        text(
            "SELECT EXISTS (SELECT FROM memberships m JOIN groups g ON g.id = m.group_id"
            " WHERE g.tenant_id = :root AND g.kind = 'administrators')"
        ),
        {"root": ROOT_TENANT_ID},
    )
    return bool(found)


def _create_administrator(connection: Connection, email: str, password: str) -> None:
    if wrong := weakness(password, ADMINISTRATOR, email):
        raise SettingInvalid(f"NEXUS_ADMIN_PASSWORD {wrong}")
    user_id = connection.scalar(
        text(
            "INSERT INTO users (id, username, email, password_hash, origin_tenant_id)"
            " VALUES (:id, :username, :email, :hash, :root) RETURNING id"
        ),
        {
            "id": str(ULID()),
            "username": ADMINISTRATOR,
            "email": email,
            "hash": hash_password(password),
            "root": ROOT_TENANT_ID,
        },
    )
    connection.execute(
        text(
            "INSERT INTO memberships (id, tenant_id, group_id, user_id, accepted_at)"
            " SELECT nexus.ulid(), tenant_id, id, :user, now() FROM groups"
            " WHERE tenant_id = :root AND kind IN ('administrators', 'users')"
        ),
        {"user": user_id, "root": ROOT_TENANT_ID},
    )
