"""Password hashes: argon2id, loaded on first use (its import is not for every cold start)."""

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher


@lru_cache
def hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    # OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, 2 passes, 1 lane.
    return PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


def hash_password(password: str) -> str:
    return hasher().hash(_normal(password))


def is_password(hashed: str, password: str) -> bool:
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return hasher().verify(hashed, _normal(password))
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(hashed: str) -> bool:
    return hasher().check_needs_rehash(hashed)


@lru_cache
def decoy() -> str:
    """A hash that no password matches, so that an unknown name costs what a known one does."""
    return hash_password("")


def _normal(password: str) -> str:
    """Keyboards differ in how they compose one letter (NIST SP 800-63B: NFKC before hashing)."""
    return unicodedata.normalize("NFKC", password)
