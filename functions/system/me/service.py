"""What callers change of themselves."""

from pydantic_core import to_json
from sqlalchemy import ColumnElement, func, true, update

from nexus.access import passwords
from nexus.access.scope import Scope
from nexus.db.statements import Sql
from nexus.problems import ValidationFailed, error
from nexus.records.crud import CrudService
from nexus.records.reading import Record
from projects.reads import PROJECT
from system.me.schemas import PasswordChange, PreferencesRead
from system.reads import TENANT
from system.sessions.attempts import Attempt
from system.sessions.service import Sessions
from system.tables import preferences, sessions, users
from system.tenants.service import Tenants
from system.users.service import NAMES, Accounts, hash_chosen

IS_PASSWORD_HASH = Sql(
    "SELECT FROM users WHERE id = nexus.user_id() AND password_hash = $1", ("hash",)
)
WRONG_PASSWORD = error("current_password", "is not your password")
EXTRA_BYTES = 8 * 1024


class Me(Accounts):
    """The caller's own account."""

    matched: str | None = None  # the hash that the given password matched

    @classmethod
    def visible(cls) -> ColumnElement[bool]:
        return true()

    @classmethod
    def is_named(cls) -> ColumnElement[bool]:
        is_caller: ColumnElement[bool] = users.c.id == func.nexus.user_id()
        return is_caller

    def update(self, record_id: str, changes: Record) -> Record:
        """Raises ValidationFailed, TooManyAttempts for another username or email without the
        password."""
        password = changes.pop("current_password", None)
        if password is not None:
            username = self.find(record_id, "username")["username"]
            self.matched = self._require_password(username, password)
        return super().update(record_id, changes)

    def write(self, record: Record, values: Record) -> Record:
        """The password is compared again now that the account is held."""
        if values.keys() & NAMES:
            if self.matched is None:
                raise ValidationFailed(error("current_password", "is needed for another name"))
            if not self.scope.run(IS_PASSWORD_HASH, {"hash": self.matched}):
                raise ValidationFailed(WRONG_PASSWORD)
        return super().write(record, values)

    def change_password(self, body: PasswordChange) -> None:
        """Ends all other sessions. Raises ValidationFailed, TooManyAttempts."""
        account = self.find("", *NAMES)
        known = self._require_password(account["username"], body.current_password)
        if passwords.is_password(known, body.new_password):
            raise ValidationFailed(error("new_password", "is the old one: choose another"))
        changed = {"password_hash": hash_chosen("new_password", body.new_password, account)}
        is_as_known = (users.c.id == self.scope.user_id) & (users.c.password_hash == known)
        updated = update(users).where(is_as_known).values(changed).returning(users.c.id)
        if self.scope.execute(updated).one_or_none() is None:
            raise ValidationFailed(WRONG_PASSWORD)
        Sessions(self.scope).delete_others()
        self.scope.answer_session_id = self.scope.session_id

    def _require_password(self, username: str, password: str) -> str:
        """The hash that it matched. A wrong one counts as a failed sign-in: an open session may not
        guess on."""
        attempt = Attempt.begin(self.scope, username)
        if not attempt.succeeds(password):
            raise ValidationFailed(WRONG_PASSWORD)
        return attempt.password_hash or ""


class Preferences(CrudService):
    table = preferences
    read = PreferencesRead
    references = {"default_tenant_id": TENANT, "default_project_id": PROJECT}
    is_of_tenant = False

    @classmethod
    def visible(cls) -> ColumnElement[bool]:
        return true()

    @classmethod
    def is_named(cls) -> ColumnElement[bool]:
        is_callers: ColumnElement[bool] = preferences.c.user_id == func.nexus.user_id()
        return is_callers

    def write(self, record: Record, values: Record) -> Record:
        if len(to_json(values.get("extra"))) > EXTRA_BYTES:
            raise ValidationFailed(error("extra", "takes up to 8 KiB"))
        return super().write(record, values)


def select_tenant(scope: Scope, tenant_id: str) -> Record:
    """Raises NotFound for what the caller does not reach."""
    tenant = Tenants(scope).find(tenant_id)
    scope.answer_tenant_id = tenant_id
    chosen = {"tenant_id": tenant_id, "project_id": None}
    is_other = sessions.c.tenant_id.is_distinct_from(tenant_id)
    own = update(sessions).where(sessions.c.id == scope.session_id, is_other)
    scope.execute(own.values(chosen))
    return tenant
