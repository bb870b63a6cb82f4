"""`make password`: a new password for an administrator of the local database."""

import os
import secrets
import sys
from getpass import getpass

from sqlalchemy import Connection, text

from local.database import existing
from local.refusal import Refused
from local.settings import RunSettings, Secrets, checked_password
from migrations.administrators import OWNER, Account, active, set_password
from migrations.runner import connected
from nexus.access.tokens import keyed_text


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
        _prepare(url, Secrets.of(settings.data_dir))
        with connected(url) as connection:
            with connection.begin():
                connection.execute(OWNER)
                account = _administrator(active(connection), name)
            chosen = settings.admin_password or _asked()
            if chosen:
                checked_password("The password", chosen, account.username, account.email)
            password = chosen or secrets.token_urlsafe(12)
            with connection.begin():
                connection.execute(OWNER)
                set_password(connection, account, password)
                _forgive(connection, account)
    print(f"{account.username} ({account.email}) has a new password; the old sessions have ended.")
    if not chosen:
        print(f"  Password: {password}  (shown this once)")


def _administrator(known: list[Account], name: str) -> Account:
    for account in known:
        if name in (account.username, account.email):
            return account
    raise NoSuchAdministrator(name, known)


def _forgive(connection: Connection, account: Account) -> None:
    """Ends the wait that wrong passwords have earned the account."""
    sql = text("DELETE FROM sign_in_throttles WHERE id = :name OR starts_with(id, :name || ' ')")
    for name in (account.username, account.email):
        connection.execute(sql, {"name": keyed_text("name", name)})


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
