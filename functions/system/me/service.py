"""What callers change of themselves."""

from pydantic_core import to_json
from sqlalchemy import ColumnElement, func, select, true, update

from nexus.access import passwords
from nexus.access.scope import Scope
from nexus.access.tokens import keyed_text
from nexus.problems import ValidationFailed, error
from nexus.records.crud import CrudService
from nexus.records.reading import Record
from projects.reads import PROJECT
from system.me.schemas import PasswordChange, PreferencesRead
from system.reads import TENANT
from system.sessions.service import FAILURES_OF_A_NAME, Sessions, count_attempts
from system.tables import preferences, sessions, users
from system.tenants.service import Tenants
from system.users.service import Accounts, hash_chosen

EXTRA_BYTES = 8 * 1024


class Me(Accounts):
    """The caller's own account."""

    @classmethod
    def visible(cls) -> ColumnElement[bool]:
        return true()

    @classmethod
    def is_named(cls) -> ColumnElement[bool]:
        is_caller: ColumnElement[bool] = users.c.id == func.nexus.user_id()
        return is_caller

    def change_password(self, body: PasswordChange) -> None:
        """Ends all other sessions. Raises TooManyAttempts: an open session may not guess on;
        ValidationFailed."""
        c, throttle = users.c, keyed_text("password of", self.scope.user_id)
        count_attempts(self.scope, (throttle, FAILURES_OF_A_NAME))
        self.scope.enter()
        asked = select(users).where(c.id == self.scope.user_id).with_for_update()
        user = dict(self.scope.execute(asked).mappings().one())
        if not passwords.is_password(user["password_hash"], body.current_password):
            raise ValidationFailed(error("current_password", "is not your password"))
        if passwords.is_password(user["password_hash"], body.new_password):
            raise ValidationFailed(error("new_password", "is the old one: choose another"))
        changed = {"password_hash": hash_chosen("new_password", body.new_password, user)}
        self.scope.execute(update(users).where(c.id == self.scope.user_id).values(changed))
        self.scope.execute(select(func.nexus.forgive_attempt(throttle, None, None)))
        Sessions(self.scope).delete_others()


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
    chosen = {"tenant_id": tenant_id, "project_id": None}
    is_other = sessions.c.tenant_id.is_distinct_from(tenant_id)
    own = update(sessions).where(sessions.c.id == scope.session_id, is_other)
    scope.execute(own.values(chosen))
    return tenant
