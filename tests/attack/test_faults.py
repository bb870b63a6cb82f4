"""Under each fault no answer is a bug, what was acknowledged is kept once, and it goes on after."""

import pytest

from tests.attack.faults import FAULTS
from tests.attack.load import under_load
from tests.attack.target import LEFT_OPEN, Target
from tests.support.people import Tenant
from tests.support.races import eventually


@pytest.mark.parametrize("fault", FAULTS)
def test_what_was_acknowledged_is_kept_once_and_no_answer_is_a_bug(
    attacked: Target, attacked_tenant: Tenant, fault: str
) -> None:
    with under_load(attacked_tenant.member, attacked.addresses) as load:
        load.goes_on()
        FAULTS[fault](attacked, load)
        load.goes_on()
    assert load.wrong == []
    assert load.ledger.compared(attacked_tenant.admin) == []
    with attacked.sql() as sql:
        eventually(lambda: sql.value(LEFT_OPEN) == 0)
