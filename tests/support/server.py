"""`python -m local.server`, whose hashes of passwords cost next to nothing: tests make thousands of
accounts, and in a test of accounts half of the time went into hashes."""

import sys
from functools import lru_cache

from argon2 import PasswordHasher

from local.refusal import Refused
from local.server import main
from nexus.access import passwords


@lru_cache
def cheap() -> PasswordHasher:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


if __name__ == "__main__":
    passwords.hasher = cheap
    try:
        main()
    except Refused as refusal:
        sys.exit(f"nexus: {refusal}")
