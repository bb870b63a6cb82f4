"""A deletion in any resource."""

from tests.contract.resource import current, stale
from tests.contract.verbs.getting import ItemContract
from tests.support.api import Api, Json


class DeleteContract(ItemContract):
    def test_a_deleted_record_is_gone(self, writer: Api, fresh: Json) -> None:
        writer.delete(self.at(fresh))
        for method, below in self.operations():
            writer.expect(404, method, self.at(fresh) + below, **self.sent(method))
        assert writer.items(self.here, id=fresh["id"]) == []

    def test_a_stale_deletion_is_refused(self, writer: Api, fresh: Json) -> None:
        writer.refused(412, "DELETE", self.at(fresh), headers=stale(fresh))
        assert self.found(writer, [fresh]) == [fresh["id"]]
        writer.delete(self.at(fresh), headers=current(fresh))
