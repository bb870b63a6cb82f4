"""The least that a read or a write of a group can cost: by hand, on the same connection."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.engine import make_url
from ulid import ULID

from nexus import pg
from nexus.access.tokens import Token, keyed_text
from nexus.db.deadline import time_left
from nexus.settings import settings

AUTHENTICATE = "SELECT * FROM nexus.authenticate(%s, %s, %s, %s, %s)"
NAMES = ("id", "created_at", "updated_at", "version", "tenant_id", "name", "description",
         "project_id", "kind", "archived_at")  # fmt: skip
SHOWN = ", ".join(NAMES)
GET = f"SELECT {SHOWN} FROM groups WHERE tenant_id = nexus.tenant_id() AND id = %s"
LIVE = "WHERE tenant_id = nexus.tenant_id() AND archived_at IS NULL"
LIST = f"SELECT {SHOWN} FROM groups {LIVE} ORDER BY id LIMIT %s"
SEARCH = (
    f"SELECT {SHOWN} FROM search.groups {LIVE} AND nexus.search_grams(tenant_id, search)"
    " @> nexus.query_grams(nexus.tenant_id(), nexus.fold_search(%s))"
    " AND strpos(search, nexus.fold_search(%s)) <> 0 ORDER BY id LIMIT %s"
)
CREATE = (
    "INSERT INTO groups (id, tenant_id, name, description)"
    f" VALUES (%s, nexus.tenant_id(), %s, %s) RETURNING {SHOWN}"
)
UPDATE = f"UPDATE groups SET description = %s {LIVE} AND id = %s RETURNING {SHOWN}"
CLAIM = "SELECT is_mine, status FROM nexus.claim_key(%s, '', true)"
KEEP = "SELECT nexus.keep_answer(%s, 201, '{}', %s, NULL, NULL)"

type Event = dict[str, Any]


class Floor:
    """A Lambda handler without a framework."""

    def __init__(self, url: str) -> None:
        to = make_url(url)
        self.connection = pg.connect(
            user=to.username,
            password=to.password,
            host=to.host,
            port=to.port,
            database=to.database,
            time_left=time_left,
        )

    def __call__(self, event: Event, _context: Any) -> Event:
        if event["httpMethod"] == "POST":
            return self._create(event)
        record_id = (event["pathParameters"] or {}).get("group_id")
        if event["httpMethod"] == "PATCH":
            (row,) = self._rows(event, UPDATE, json.loads(event["body"])["description"], record_id)
            self.connection.commit()
            return answer(shown(row))
        query = event["queryStringParameters"] or {}
        limit = int(query.get("limit", 50))
        if record_id:
            rows = self._rows(event, GET, record_id)
        elif "q" in query:
            rows = self._rows(event, SEARCH, query["q"], query["q"], limit + 1)
        else:
            rows = self._rows(event, LIST, limit + 1)
        self.connection.rollback()
        if record_id:
            return answer(shown(rows[0]))
        following = rows[limit - 1][0] if len(rows) > limit else None
        return answer({"items": [shown(row) for row in rows[:limit]], "next": following})

    def _create(self, event: Event) -> Event:
        body, key = json.loads(event["body"]), event["headers"].get("Idempotency-Key")
        create = (CREATE, (str(ULID()), body["name"], body.get("description")))
        if not key:
            (row,) = self._run(event, create)
            self.connection.commit()
            return answer(shown(row), 201)
        body_hash = keyed_text("body", event["body"])
        (row,) = self._run(event, (CLAIM, (keyed_text("key", key),)), create)
        given = answer(shown(row), 201)
        self.connection.pipeline([(KEEP, (body_hash, given["body"])), ("commit", ())])
        return given

    def _rows(self, event: Event, sql: str, *args: Any) -> Sequence[Any]:
        return self._run(event, (sql, args))

    def _run(self, event: Event, *statements: tuple[str, Sequence[Any]]) -> Sequence[Any]:
        """The last statement's rows, in one flush with the caller's authentication."""
        token = Token.parse(event["headers"]["Authorization"].removeprefix("Bearer "))
        assert token
        request_id = event["requestContext"]["requestId"]
        caller = (token.id, token.digest(), None, request_id, settings().session_idle)
        ran = self.connection.pipeline([(AUTHENTICATE, caller), *statements])
        identity = (ran[0].rows or [])[0]
        assert event["httpMethod"] == "GET" or identity[3]
        return ran[-1].rows or []


def shown(row: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(NAMES, row, strict=True))


def answer(content: Any, status: int = 200) -> Event:
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json"},
        "body": json.dumps(content, default=datetime.isoformat),
    }
