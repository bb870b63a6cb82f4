"""Bearer tokens: `nxs_`, the session's id, 256 random bits. Only a keyed hash is stored."""

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from ulid import ULID

from nexus.settings import SettingInvalid, settings

PATTERN = re.compile(r"nxs_([0-7][0-9A-HJKMNP-TV-Z]{25})([\w-]{43})", re.ASCII)


@dataclass(frozen=True)
class Token:
    id: str
    secret: str

    @classmethod
    def issue(cls, seed: str | None = None) -> Self:
        """A new token; with a seed its secret can be derived again (see derived_secret)."""
        id_ = str(ULID())
        return cls(id_, derived_secret(seed, id_) if seed else secrets.token_urlsafe(32))

    @classmethod
    def parse(cls, text: str) -> Self | None:
        found = PATTERN.fullmatch(text)
        return cls(*found.groups()) if found else None

    def __str__(self) -> str:
        return f"nxs_{self.id}{self.secret}"

    def digest(self) -> bytes:
        return keyed_hash(*self._parts)

    def digests(self) -> list[bytes]:
        """What may be stored of it: it may be older than the key that signs."""
        return keyed_hashes(*self._parts)

    @property
    def _parts(self) -> tuple[str, ...]:
        return "token", self.id, self.secret


def derived_secret(seed: str, token_id: str) -> str:
    """A secret that only whoever has the seed makes, another for each token."""
    return _text(_hash(seed.encode(), ("secret", token_id)))


def keyed_hash(*parts: str | bytes) -> bytes:
    """SHA-256 keyed by the first of NEXUS_TOKEN_KEY. Comparing two such hashes needs no constant
    time: who lacks the key cannot steer them."""
    return _hash(_keys()[0], parts)


def keyed_hashes(*parts: str | bytes) -> list[bytes]:
    """By each of the keys, for what another has signed before; by the one that signs comes last."""
    return [_hash(key, parts) for key in reversed(_keys())]


def keyed_text(*parts: str | bytes) -> str:
    return _text(keyed_hash(*parts))


def keyed_texts(*parts: str | bytes) -> list[str]:
    """In the order of `keyed_hashes`."""
    return list(map(_text, keyed_hashes(*parts)))


def _keys() -> Sequence[bytes]:
    if not settings().token_keys:
        raise SettingInvalid("set NEXUS_TOKEN_KEY")
    return settings().token_keys


def _hash(key: bytes, parts: Sequence[str | bytes]) -> bytes:
    mac = hmac.new(key, digestmod="sha256")
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        mac.update(len(data).to_bytes(8) + data)
    return mac.digest()


def _text(hashed: bytes) -> str:
    return urlsafe_b64encode(hashed).decode().rstrip("=")
