"""Idempotency keys: a retried POST gets the first answer again. Key and effect commit together."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text
from starlette.responses import Response

from nexus.access.tokens import keyed_hash, keyed_text
from nexus.problems import IdempotencyKeyReused, MalformedRequest, RequestInFlight

KEPT = ("content-type", "etag", "location")
# A secret in the answer (a token) is derived from key and body, so it need not be stored. In its
# place stands a character that JSON never has unescaped.
SECRET_MARK = "\x1a"  # noqa: S105 - stands for a secret

CLAIM = text(
    "SELECT pg_try_advisory_xact_lock(:lock) AS is_mine, k.body_hash, k.status, k.headers, k.body"
    " FROM (SELECT) AS always LEFT JOIN idempotency_keys k ON k.id = :id AND k.expires_at > now()"
)
# A row is replaced only when it has expired; else another request was faster.
KEEP = text(
    "INSERT INTO idempotency_keys AS k (id, body_hash, status, headers, body, expires_at)"
    " VALUES (:id, :body_hash, :status, CAST(:headers AS jsonb), :body,"
    " now() + interval '24 hours')"
    " ON CONFLICT (id) DO UPDATE SET body_hash = excluded.body_hash, status = excluded.status,"
    " headers = excluded.headers, body = excluded.body, expires_at = excluded.expires_at"
    " WHERE k.expires_at <= now()"
)


class Replayed(Exception):
    """The request was answered before; carries that answer."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


@dataclass(frozen=True, slots=True)
class Claim:
    id: str
    lock: int
    body_hash: str
    secret: str


def claim(connection: Connection, key: str, scope: tuple[str, ...], body: bytes) -> Claim:
    """Take the key for this transaction. Raises Replayed, RequestInFlight, IdempotencyKeyReused."""
    if not 0 < len(key) <= 255 or not key.isascii() or not key.isprintable():
        raise MalformedRequest("Idempotency-Key takes 1 to 255 printable ASCII characters.")
    lock = int.from_bytes(keyed_hash("lock", key, *scope)[:8], signed=True)
    mine = Claim(
        keyed_text("key", key, *scope),
        lock,
        keyed_text("body", body),
        keyed_text("secret", key, body, *scope),
    )
    found = connection.execute(CLAIM, {"lock": lock, "id": mine.id}).one()
    if found.status is not None:
        if found.body_hash != mine.body_hash:
            raise IdempotencyKeyReused("Send a new key with a new body.")
        raise Replayed(_replay(found, mine.secret))
    if not found.is_mine:
        raise RequestInFlight("Wait for the first request's answer, then send it again.")
    return mine


def keep(connection: Connection, mine: Claim, response: Response) -> None:
    """Store the answer beside the effect. Raises RequestInFlight."""
    headers = {name: response.headers[name] for name in KEPT if name in response.headers}
    kept = {
        "id": mine.id,
        "body_hash": mine.body_hash,
        "status": response.status_code,
        "headers": json.dumps(headers),
        "body": bytes(response.body).decode().replace(mine.secret, SECRET_MARK),
    }
    if connection.execute(KEEP, kept).rowcount != 1:
        raise RequestInFlight("Wait for the first request's answer, then send it again.")


def _replay(found: Any, secret: str) -> Response:
    body = found.body.replace(SECRET_MARK, secret).encode()
    return Response(body, found.status, {**found.headers, "Idempotent-Replayed": "true"})
