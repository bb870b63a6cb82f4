"""`make password`: a new password for an administrator of the local database."""

import os
import secrets
import sys
from getpass import getpass
from typing import NamedTuple

from pg8000.native import Connection

from local.database import DatabaseRefused, as_owner, existing, is_fresh
from local.refusal import Refused
from local.settings import RunSettings, Secrets, checked_password

ADMINISTRATORS = (
    "SELECT u.id, u.username, u.email FROM users u CROSS JOIN nexus.reach(u.id) r"
    " WHERE r.tenant_id = nexus.root_tenant_id() AND r.is_administrator"
    " AND u.deactivated_at IS NULL ORDER BY u.id"
)


class Account(NamedTuple):
    id: str
    username: str
    email: str


class NoSuchAdministrator(Refused):
    """The name is no administrator's."""

    def __init__(self, name: str, known: list[Account]) -> None:
        names = ", ".join(account.username for account in known) or "nobody"
        super().__init__(
            f"{name!r} is no active administrator of the root tenant: that is {names}."
            " ADMINISTRATOR=name make password"
        )


def main() -> None:
    """Asks for the password where somebody can answer, and makes one up otherwise."""
    settings = RunSettings.from_environment()
    name = (os.environ.get("ADMINISTRATOR") or "administrator").lower()
    with existing(settings) as url:
        if is_fresh(url):
            raise DatabaseRefused("The database is empty: `make run` fills it.")
        with as_owner(url) as connection:
            account = _administrator(connection, name)
            chosen = settings.admin_password or _asked()
            if chosen:
                checked_password("The password", chosen, account.username, account.email)
            password = chosen or secrets.token_urlsafe(12)
            _prepare(url, Secrets.of(settings.data_dir))
            set_password(connection, account, password)
    print(f"{account.username} ({account.email}) has a new password; the old sessions have ended.")
    if not chosen:
        print(f"  Password: {password}  (shown this once)")


def set_password(connection: Connection, account: Account, password: str) -> None:
    """Ends the account's sessions, and the wait that wrong passwords have earned it."""
    from nexus.access.passwords import hash_password
    from nexus.access.tokens import keyed_text

    connection.run("BEGIN")
    sql = "UPDATE users SET password_hash = :hash WHERE id = :id"
    connection.run(sql, hash=hash_password(password), id=account.id)
    connection.run("SELECT set_config('nexus.user_id', :id, true)", id=account.id)
    connection.run("SELECT nexus.revoke_sessions(:id, NULL, NULL)", id=account.id)
    for name in (account.username, account.email):
        sql = "DELETE FROM sign_in_throttles WHERE id = :name OR starts_with(id, :name || ' ')"
        connection.run(sql, name=keyed_text("name", name))
    connection.run("COMMIT")


def _administrator(connection: Connection, name: str) -> Account:
    known = [Account(*row) for row in connection.run(ADMINISTRATORS) or ()]
    for account in known:
        if name in (account.username, account.email):
            return account
    raise NoSuchAdministrator(name, known)


def _asked() -> str | None:
    """None where nobody answers, or the answer is empty."""
    if not sys.stdin.isatty():
        return None
    return getpass("New password (empty: one is made up): ") or None


def _prepare(url: str, kept: Secrets) -> None:
    """What the kernel reads from its environment."""
    os.environ["NEXUS_DATABASE_URL"] = url
    os.environ["NEXUS_TOKEN_KEY"] = kept.token_key


if __name__ == "__main__":
    try:
        main()
    except Refused as refusal:
        sys.exit(f"nexus: {refusal}")
