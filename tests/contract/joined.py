"""The resources that have joined the contract."""

import importlib
from functools import lru_cache
from pathlib import Path

from tests.contract.resource import Resource


@lru_cache
def contracts() -> list[type[Resource]]:
    return [
        found
        for path in sorted(Path(__file__).parent.glob("test_*.py"))
        for name, found in vars(importlib.import_module(f"tests.contract.{path.stem}")).items()
        if name.startswith("Test") and issubclass(found, Resource)
    ]
