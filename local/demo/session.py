"""What all parts of the demo data are made with."""

import random

from nexus.access.scope import Scope
from nexus.records.reading import Record

SEED = 1897
DOMAIN = "lakeside.example"


class Demo:
    """An administrator at work in the district, and chance that falls alike every time."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.chance = random.Random(SEED)  # noqa: S311 - nothing secret comes of it
        self.users: dict[str, Record] = {}
        self.groups: dict[str, Record] = {}
        self.locations: dict[str, Record] = {}  # by code
        self.persons: dict[str, Record] = {}  # by external id
        self.items: dict[str, Record] = {}  # by name
        self.priorities: list[str | None] = []  # ids, for issues to choose from
