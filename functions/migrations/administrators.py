"""Administrators of the root tenant, and a new password for one who has lost his."""

from typing import NamedTuple

from sqlalchemy import Connection, text

from migrations.runner import MigrationError, connected
from nexus.access.passwords import hash_password, weakness
from nexus.settings import settings

OWNER = text("SET LOCAL ROLE nexus_owner")  # from whom no policy hides anything
ACTIVE = text(
    "SELECT u.id, u.username, u.email FROM users u CROSS JOIN nexus.reach(u.id) r"
    " WHERE r.tenant_id = nexus.root_tenant_id() AND r.is_administrator"
    " AND u.deactivated_at IS NULL ORDER BY u.id"
)


class Account(NamedTuple):
    id: str
    username: str
    email: str


class NotSet(MigrationError):
    """The password stays what it was."""


def reset_password() -> str:
    """Give the administrator whose address the settings name the password that they hold. Raises
    MigrationError."""
    email, password = (settings().admin_email or "").lower(), settings().admin_password
    with connected(settings().database_url) as connection, connection.begin():
        connection.execute(OWNER)
        account = next((each for each in active(connection) if each.email == email), None)
        if account is None:
            raise NotSet(
                f"no active administrator of the root tenant has the address {email}: deploy with"
                " an AdminEmail that one has"
            )
        if password is None or (wrong := weakness(password, account.username, account.email)):
            raise NotSet(f"NEXUS_ADMIN_PASSWORD {wrong if password else 'is not set'}")
        ended = set_password(connection, account, password)
    return f"{account.username} has the password of the secret; {ended} sessions have ended"


def active(connection: Connection) -> list[Account]:
    """The oldest first."""
    return [Account(*row) for row in connection.execute(ACTIVE)]


def set_password(connection: Connection, account: Account, password: str) -> int:
    """Ends the account's sessions, and returns how many there were."""
    of = {"id": account.id}
    connection.execute(
        text("UPDATE users SET password_hash = :hash WHERE id = :id"),
        {"hash": hash_password(password), **of},
    )
    connection.execute(text("SELECT set_config('nexus.user_id', :id, true)"), of)
    return connection.scalar(text("SELECT nexus.revoke_sessions(:id, NULL, NULL)"), of) or 0
