"""Idempotency-Key: a retried POST has one effect and one answer."""

import secrets

import httpx
import pytest

from tests.contract.resource import Resource
from tests.contract.verbs.creating import fresh_key
from tests.support.api import Api, Json
from tests.support.people import Tenant, World
from tests.support.races import at_once, eventually


class IdempotencyContract(Resource):
    def post(self, caller: Api, body: Json, key: dict[str, str]) -> httpx.Response:
        return caller.send("POST", self.here, json=body, headers=key)

    def test_a_retry_gets_it_although_the_record_has_changed(self, writer: Api) -> None:
        key, body = fresh_key(), self.body(writer)
        first = self.post(writer, body, key).json()
        writer.patch(self.at(first), self.change())
        assert self.post(writer, body, key).json() == first
        writer.delete(self.at(first))
        assert self.post(writer, body, key).json() == first

    def test_the_same_key_with_another_body_is_refused(self, writer: Api) -> None:
        key = fresh_key()
        assert self.post(writer, self.body(writer), key).status_code == 201
        writer.refused(422, "POST", self.here, self.body(writer), headers=key)

    def test_a_refused_request_does_not_use_up_its_key(self, writer: Api) -> None:
        key, body = fresh_key(), self.body(writer)
        assert self.post(writer, {**body, "colour": "red"}, key).status_code == 422
        eventually(lambda: self.post(writer, body, key).status_code == 201)

    def test_twenty_at_once_have_one_effect(self, writer: Api) -> None:
        key, body = fresh_key(), self.body(writer)
        answers = at_once([lambda: self.post(writer, body, key)] * 20)
        assert {answer.status_code for answer in answers} <= {201, 409}
        made = [answer for answer in answers if answer.status_code == 201]
        assert len({answer.json()["id"] for answer in made}) == 1
        assert sum("idempotent-replayed" not in answer.headers for answer in made) == 1
        assert len(writer.items(self.here, **{self.label: body[self.label]})) == 1

    def test_a_key_belongs_to_its_caller(self, world: World, tenant: Tenant, writer: Api) -> None:
        key, colleague = fresh_key(), world.new_admin(tenant)
        answers = [self.post(caller, self.body(caller), key) for caller in (writer, colleague)]
        assert [answer.status_code for answer in answers] == [201, 201]
        assert answers[0].json()["id"] != answers[1].json()["id"]

    @pytest.mark.parametrize("key", ["", "x" * 256, "a\tb", "ключ".encode().decode("latin-1")])
    def test_a_key_that_is_none_is_refused(self, writer: Api, key: str) -> None:
        headers = {"Idempotency-Key": key.encode("latin-1")}
        answer = writer.send("POST", self.here, json=self.body(writer), headers=headers)
        assert answer.status_code in {400, 422}

    def test_a_key_of_255_characters_is_fine(self, writer: Api) -> None:
        key = {"Idempotency-Key": secrets.token_hex(128)[:255]}
        assert self.post(writer, self.body(writer), key).status_code == 201


class KeyedActionContract(IdempotencyContract):
    def test_a_key_belongs_to_its_route(self, writer: Api, fresh: Json) -> None:
        key = fresh_key()
        writer.post(self.here, self.body(writer), headers=key)
        answer = writer.expect(200, "POST", f"{self.at(fresh)}/archive", headers=key)
        assert "idempotent-replayed" not in answer.headers

    def test_a_key_belongs_to_the_record_acted_on(self, writer: Api, fresh: Json) -> None:
        key, other = fresh_key(), self.new(writer)
        writer.act(f"{self.at(fresh)}/archive", headers=key)
        answer = writer.expect(200, "POST", f"{self.at(other)}/archive", headers=key)
        assert "idempotent-replayed" not in answer.headers
        assert answer.json()["id"] == other["id"]
