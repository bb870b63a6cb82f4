"""Passwords: which are taken, and their hashes, argon2id. What they need is loaded on first use
(its import is not for every cold start)."""

import secrets
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argon2 import PasswordHasher

# Whose first characters fewer guesses find is among the passwords that are tried first. The
# estimate's worst case grows steeply with the length: for these it costs no more than two hashes.
FEW_GUESSES, JUDGED_LENGTH = 100_000, 20
NAME_LENGTH = 4  # a shorter name is in too many passwords by chance


@lru_cache
def hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    # OWASP Password Storage Cheat Sheet, argon2id: 19 MiB, 2 passes, 1 lane.
    return PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


def weakness(password: str, username: str, email: str) -> str | None:
    """Why nobody of these names should choose the password, or None."""
    from zxcvbn_rs_py import zxcvbn

    names = {"username": username, "email address's name": email.rpartition("@")[0]}
    for told, name in names.items():
        if len(name) >= NAME_LENGTH and _folded(name) in _folded(password):
            return f"contains the {told}: leave that out"
    if zxcvbn(_normal(password)[:JUDGED_LENGTH]).guesses < FEW_GUESSES:
        return (
            "is or begins with one of the first that are guessed: choose a phrase of several words"
        )
    return None


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
    """A hash that nobody knows the password of: an unknown name costs what a known one does."""
    return hash_password(secrets.token_urlsafe())


def _folded(text: str) -> str:
    return _normal(_normal(text).casefold())


def _normal(password: str) -> str:
    """Keyboards differ in how they compose one letter (NIST SP 800-63B: NFKC before hashing)."""
    return unicodedata.normalize("NFKC", password)
