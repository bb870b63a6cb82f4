"""Attempts at a password: counted when they have failed, and held up when too many have."""

from dataclasses import dataclass
from typing import Self

from nexus.access import passwords
from nexus.access.scope import Scope
from nexus.access.tokens import keyed_text
from nexus.db.statements import Sql, Values
from nexus.problems import TooManyAttempts

BEGIN = Sql(
    "SELECT wait, slots, user_id, password_hash, is_active FROM nexus.begin_attempt($1, $2, $3)",
    ("name", "of_name", "of_address"),
)
FAILED = Sql("SELECT nexus.count_failures($1, $2, $3)", ("of_name", "of_address", "slots"))
SUCCEEDED = Sql("SELECT nexus.forgive_failures($1, $2)", ("of_name", "of_address"))


@dataclass(frozen=True, slots=True)
class Attempt:
    """At the password of whom a name finds; `user_id` and `password_hash` are None for nobody."""

    scope: Scope
    throttles: Values
    user_id: str | None
    password_hash: str | None
    is_active: bool | None

    @classmethod
    def begin(cls, scope: Scope, name: str) -> Self:
        """Other attempts may have to end first. Raises TooManyAttempts."""
        of_address = keyed_text("address", scope.network)
        throttles = {"of_name": keyed_text("name", name), "of_address": of_address}
        ((wait, slots, *found),) = scope.run(BEGIN, {"name": name, **throttles})
        if wait:
            raise TooManyAttempts(wait)
        return cls(scope, {**throttles, "slots": slots}, *found)

    def succeeds(self, password: str) -> bool:
        """Takes as long for nobody. A failure is committed, and with it all that was done before:
        the transaction's context is gone then."""
        matches = passwords.is_password(self.password_hash or passwords.decoy(), password)
        if matches and self.is_active:
            self.scope.run_ahead(SUCCEEDED, self.throttles)
            return True
        self.scope.run(FAILED, self.throttles)
        self.scope.driver.commit()
        return False
