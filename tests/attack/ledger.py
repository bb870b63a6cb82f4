"""Writes that were acknowledged, against what the API has afterwards."""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.support.api import Api, Json
from tests.support.people import unique


@dataclass
class Entry:
    """A person that one writer makes and then changes; nothing keeps two of a name apart."""

    first_name: str
    last_name: str
    made: Json | None = None
    changed: Json | None = None

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    @property
    def key(self) -> dict[str, str]:
        return {"Idempotency-Key": self.name}

    @property
    def body(self) -> Json:
        return {"identity": {"first_name": self.first_name, "last_name": self.last_name}}

    @property
    def change(self) -> Json:
        return {"external_id": self.name}

    def told(self, kept: list[Json]) -> str:
        """What is wrong with the records of this name."""
        if len(kept) > 1:
            return "doubled"
        if self.made and [one["id"] for one in kept] != [self.made["id"]]:
            return "lost"
        if self.changed and kept != [self.changed]:
            return "changed otherwise"
        return ""


@dataclass
class Ledger:
    """Every person of one load: their first names are alike."""

    word: str = field(default_factory=lambda: unique("Ledger").replace(" ", ""))
    entries: list[Entry] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def open(self) -> Entry:
        entry = Entry(self.word, f"N{next(self._numbers)}")
        self.entries.append(entry)
        return entry

    def compared(self, api: Api) -> list[str]:
        """What was lost, doubled, changed otherwise or made up."""
        kept = defaultdict(list)
        for person in api.pages("/persons", name__startswith=self.word, limit=200):
            kept[person["name"]].append(person)
        told = [(entry.told(kept.pop(entry.name, [])), entry.name) for entry in self.entries]
        told += [("made up", name) for name in kept]
        return [f"{name}: {what}" for what, name in told if what]
