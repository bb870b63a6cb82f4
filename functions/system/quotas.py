"""How often somebody may do something in a span of time."""

from datetime import timedelta

from nexus.access.scope import Scope
from nexus.access.tokens import keyed_text
from nexus.db.statements import Sql
from nexus.problems import TooManyRequests

TAKE = Sql("SELECT nexus.take_quota($1, $2, $3)", ("quota", "allowed", "span"))


def take_quota(scope: Scope, what: str, who: str, allowed: int, span: timedelta) -> None:
    """Counts if the transaction commits; `allowed` is 0 for no limit. Raises TooManyRequests."""
    if not allowed:
        return
    quota = keyed_text("quota", what, who)
    ((wait,),) = scope.run(TAKE, {"quota": quota, "allowed": allowed, "span": span})
    if wait:
        raise TooManyRequests(wait)
