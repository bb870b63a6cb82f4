"""What all parts of the demo data are made with."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

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
        self.assets: dict[str, list[Record]] = {}  # by the model's name
        self.items: dict[str, Record] = {}  # by name
        self.projects: dict[str, str] = {}  # ids by key
        self.priorities: list[str | None] = []  # ids, for issues to choose from

    @contextmanager
    def acting(self, username: str) -> Iterator[Scope]:
        """Somebody of the district at work."""
        chief = self.scope.user_id
        self.scope.enter(user_id=self.users[username]["id"])
        try:
            yield self.scope
        finally:
            self.scope.enter(user_id=chief)

    def plan_anew(self) -> None:
        """What triggers planned while tables were empty walks through all of a tenant. Elsewhere
        the statistics of autovacuum end that, which sees no transaction before its end."""
        self.scope.connection.exec_driver_sql("DISCARD PLANS")
