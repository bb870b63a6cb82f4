"""Idempotency keys: a retried POST gets the first answer again. Key and effect commit together."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from nexus.access.scope import Rows, Scope
from nexus.access.tokens import derived_secret, keyed_texts
from nexus.db.statements import Sql
from nexus.problems import IdempotencyKeyReused, MalformedRequest, RequestInFlight

KEPT = ("content-type", "etag", "location")
LONGEST_KEY = 255  # characters
# A token's secret is derived from key, body and the token's id, so it need not be stored. In its
# place stands a character that JSON never has unescaped.
SECRET_MARK = "\x1a"  # noqa: S105 - stands for a secret

# By each of the token keys: when the request was first here another one may have signed. The answer
# is kept by what is claimed last.
CLAIM = Sql(
    "SELECT is_mine, body_hash, status, headers, body, session_id"
    " FROM unnest($1::text[], $2::text[]) AS by(key, stranger),"
    " nexus.claim_key(by.key, by.stranger, $3)",
    ("keys", "strangers", "is_of_tenant"),
)
KEEP = Sql(
    "SELECT nexus.keep_answer($1, $2, $3::jsonb, $4, $5, $6)",
    ("body_hash", "status", "headers", "body", "session_id", "tenant_id"),
)


class Replayed(Exception):
    """The request was answered before; carries that answer."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


@dataclass(frozen=True, slots=True)
class Claim:
    """By one of the token keys."""

    body_hash: str
    seed: str


def claim_ahead(
    scope: Scope,
    key: str,
    path: str,
    body: bytes,
    then: Callable[[Claim], object],
    *,
    is_of_tenant: bool,
) -> str:
    """Take the key for this transaction, in the next flush; `then` gets the claim. Returns what a
    retry derives a token's secret from again. Raises MalformedRequest; then Replayed,
    RequestInFlight, IdempotencyKeyReused."""
    if not 0 < len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise MalformedRequest(
            f"Idempotency-Key takes 1 to {LONGEST_KEY} printable ASCII characters."
        )
    body_hashes = keyed_texts("body", body)
    seeds = keyed_texts("seed", key, body, path, scope.address)
    claims = [Claim(*one) for one in zip(body_hashes, seeds, strict=True)]

    def claim(rows: Rows) -> None:
        for (_, kept_hash, status, headers, kept_body, session_id), one in zip(
            rows, claims, strict=True
        ):
            if status is None:
                continue
            if kept_hash != one.body_hash:
                raise IdempotencyKeyReused("Send a new key with a new body.")
            secret = derived_secret(one.seed, session_id or "")
            raise Replayed(_replay(status, headers, kept_body.replace(SECRET_MARK, secret)))
        if not all(is_mine for is_mine, *_ in rows):
            raise RequestInFlight("Wait for the first request's answer, then send it again.")
        then(claims[-1])

    asked = {
        "keys": keyed_texts("key", key, path),
        "strangers": keyed_texts("address", scope.address),
        "is_of_tenant": is_of_tenant,
    }
    scope.run_ahead(CLAIM, asked, claim)
    return claims[-1].seed


def keeping(mine: Claim, response: Response, scope: Scope) -> list[Any]:
    """What `KEEP` stores: the answer, beside its effect."""
    headers = {name: response.headers[name] for name in KEPT if name in response.headers}
    secret = derived_secret(mine.seed, scope.answer_session_id or "")
    body = bytes(response.body).decode().replace(secret, SECRET_MARK)
    lives_with = (scope.answer_session_id, scope.answer_tenant_id)
    return [mine.body_hash, response.status_code, json.dumps(headers), body, *lives_with]


def _replay(status: int, headers: dict[str, str], body: str) -> Response:
    return Response(body.encode(), status, {**headers, "Idempotent-Replayed": "true"})
