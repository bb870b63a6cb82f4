"""Audit events keep the contract: the database makes them, administrators read them."""

from tests.contract.verbs.getting import GetContract
from tests.contract.verbs.listing import ListContract
from tests.contract.verbs.rights import RightsContract
from tests.support.api import Api, Json


class TestAuditEvents(ListContract, GetContract, RightsContract):
    path = "/audit-events"
    members_may = frozenset()
    page_members = {"exported_until": None}

    def test_a_known_version_is_not_sent_again(self, writer: Api, record: Json) -> None:
        """They have no version, for nothing changes them."""
        answer = writer.expect(200, "GET", self.at(record), headers={"If-None-Match": "*"})
        assert "etag" not in answer.headers
        assert not {"version", "updated_at"} & answer.json().keys()
