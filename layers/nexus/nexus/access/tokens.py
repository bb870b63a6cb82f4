"""Bearer tokens: `nxs_`, the session's id, 256 random bits. Only a keyed hash is stored."""

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
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
        return keyed_hash("token", self.id, self.secret)


def derived_secret(seed: str, token_id: str) -> str:
    """A secret that only whoever has the key makes of a seed, another for each token."""
    return keyed_text("secret", seed, token_id)


def keyed_hash(*parts: str | bytes) -> bytes:
    """SHA-256 keyed by NEXUS_TOKEN_KEY. Comparing two such hashes needs no constant time: who lacks
    the key cannot steer them."""
    if not settings().token_key:
        raise SettingInvalid("set NEXUS_TOKEN_KEY")
    mac = hmac.new(settings().token_key, digestmod="sha256")
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        mac.update(len(data).to_bytes(8) + data)
    return mac.digest()


def keyed_text(*parts: str | bytes) -> str:
    return urlsafe_b64encode(keyed_hash(*parts)).decode().rstrip("=")
