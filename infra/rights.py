"""Who may call each operation: `rights.csv` says it, `docs/rights.md` shows it."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("rights.csv")


class Right(StrEnum):
    """Each has those before it."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"
    MEMBER = "member"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Caller:
    """Who asks for a tenant's records, how far that goes, and the answer where it does not."""

    right: Right
    refusal: tuple[int, ...] = ()

    def may(self, right: Right) -> bool:
        order = list(Right)
        return order.index(right) <= order.index(self.right)


CALLERS: Mapping[str, Caller] = {
    "nobody": Caller(Right.ANYONE, (401,)),
    "an ended session": Caller(Right.ANYONE, (401,)),
    "a deactivated user": Caller(Right.ANYONE, (401,)),
    "a user of no tenant": Caller(Right.SIGNED_IN, (404, 409)),
    "an administrator of another tenant": Caller(Right.ANYONE, (404,)),
    "a member of the archived tenant": Caller(Right.ANYONE, (404,)),
    "a member of a custom group": Caller(Right.MEMBER, (403,)),
    "a member": Caller(Right.MEMBER, (403,)),
    "an administrator": Caller(Right.ADMINISTRATOR),
    "an administrator of the archived tenant": Caller(Right.ADMINISTRATOR),
    "a root administrator": Caller(Right.ADMINISTRATOR),
}

INTRODUCTION = """<!-- Written by `make generate` from infra/rights.csv and infra/rights.py. -->
# Rights

Who may call which operation, for the tenant that the request selects. `tests/attack/test_rights.py`
calls each operation as each of these callers.

| right | who has it |
|---|---|
| anyone | everybody, without a token too |
| signed in | whoever has a living session, in a tenant or in none |
| member | who is in any group of the tenant, directly or through nested groups |
| administrator | who is in the tenant's `administrators`, and every root administrator |

A right includes those above it. Beyond the right, the record decides: sessions, preferences,
invitations, memberships to give up and `/me` are the caller's own; what all tenants share is
changed by root administrators alone (403); an account that is not the tenant's alone is not its
administrators' to change (403 `user-shared`).
The callers of the archived tenant send it as `X-Tenant-Id`; without that its members can leave it.
Of an archived tenant, its administrators read everything and change nothing (409) but the tenant
itself. A tenant that is selected, or named in the path, and out of reach does not exist (404);
where one is needed and none is selected, that is said (409 `no-tenant-selected`).
"""


def rights() -> dict[tuple[str, str], Right]:
    """By method and path, in the order of the table."""
    with TABLE.open() as table:
        return {(row["method"], row["path"]): Right(row["right"]) for row in csv.DictReader(table)}


def markdown(document: dict[str, Any]) -> str:
    """Raises LookupError where the table and the API's document have not the same operations."""
    known = rights()
    served = {(m.upper(), path) for path, item in document["paths"].items() for m in item}
    if differing := [" ".join(one) for one in sorted(known.keys() ^ served)]:
        raise LookupError(
            f"infra/rights.csv: each operation has one line that says who may, and no other has:"
            f" {', '.join(differing)}"
        )
    head = ["operation", "right", *CALLERS]
    rows = [
        [f"`{method} {path}`", right, *(_answer(caller, right) for caller in CALLERS.values())]
        for (method, path), right in known.items()
    ]
    lines = [head, ["---"] * len(head), *rows]
    return INTRODUCTION + "\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _answer(caller: Caller, right: Right) -> str:
    return "yes" if caller.may(right) else " or ".join(map(str, caller.refusal))
