"""Makes the school year current that holds today, for tenants that want it."""

from education.commands import roll_school_year, year_to_roll_to
from housekeeping.work import Found, Run


def run(run: Run) -> None:
    for tenant in run.tenants("roll_school_year"):
        run.work(
            "school_years",
            lambda scope, _: Found([id_] if (id_ := year_to_roll_to(scope)) else []),
            lambda scope, ids: sum(roll_school_year(scope, id_) for id_ in ids),
            tenant_id=tenant.id,
        )
