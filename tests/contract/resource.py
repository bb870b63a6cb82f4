"""What a contract has to know of a resource: where it lives, how to make one, how to change it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

from tests.support.api import Api, Json
from tests.support.documented import PATHS, item_of
from tests.support.makers import MAKERS, named_by
from tests.support.people import Tenant, unique

ULID = re.compile(r"^[0-7][0-9A-HJKMNP-TV-Z]{25}$")
TIMESTAMP = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)$")
NOBODYS_ID = "01J0000000000000000000000Z"


class Resource:
    """A resource's data: the collection's path as in the document, and what is not said there.

    `label` is a text that each record has and that tells them apart.
    """

    path: ClassVar[str]
    item: ClassVar[str] = ""  # the path of one record, where it is not below the collection's
    lists: ClassVar[tuple[str, ...]] = ()  # other paths that list the same records
    label: ClassVar[str] = "name"
    references: ClassVar[Mapping[str, str]] = {}  # a member that names another's record: its maker
    once: ClassVar[frozenset[str]] = frozenset()  # members that only the creation tells
    called: ClassVar[Mapping[str, str]] = {}  # a column whose embedded record has another name
    steps: ClassVar[Mapping[str, Sequence[str]]] = {}  # an action: those that come before it
    gone: ClassVar[Mapping[str, str]] = {}  # what refuses an archived record, by the member
    bound: ClassVar[frozenset[str]] = frozenset()  # members that go with the value of another
    samples: ClassVar[Mapping[str, str]] = {}  # values of texts that are of a form
    derived: ClassVar[frozenset[str]] = frozenset()  # what else changes with the label
    ids: Mapping[str, str] = {}  # of the path's parents, known when the tests run

    @property
    def here(self) -> str:
        return self.path.format_map(self.ids)

    @classmethod
    def item_path(cls) -> str:
        return cls.item or item_of(cls.path)

    @classmethod
    def parameter(cls) -> str:
        """The path's parameter that names a record."""
        return cls.item_path().rpartition("{")[2].removesuffix("}")

    @classmethod
    def maker(cls) -> str:
        return named_by(cls.item_path(), cls.parameter())

    def at(self, record: Json | str) -> str:
        id_ = record if isinstance(record, str) else record["id"]
        return self.item_path().format_map({**self.ids, self.parameter(): id_})

    def body(self, api: Api) -> Json:
        return MAKERS[self.maker()].body(api)

    def body_with(self, api: Api, **given: Any) -> Json:
        return {**self.body(api), **given}

    def new(self, api: Api, **given: Any) -> Json:
        if "post" not in PATHS[self.path]:
            return MAKERS[self.maker()].new(api, **given)
        return self.told_later(api.post(self.here, self.body_with(api, **given)))

    def told_later(self, made: Json) -> Json:
        """What the creation answered, as lists show it."""
        return {**made, **dict.fromkeys(self.once)}

    def named(self, api: Api, label: str) -> Json:
        return self.new(api, **{self.label: label})

    def lettered(self, api: Api, letters: Iterable[str] = "abcde") -> list[Json]:
        """Records whose labels begin alike and end in a letter each."""
        word = self.label_text("listed")
        return [self.named(api, f"{word}.{letter}") for letter in letters]

    def new_of(self, tenant: Tenant) -> Json:
        """One of another tenant."""
        return MAKERS[self.maker()].new(tenant.admin)

    def label_text(self, word: str) -> str:
        return unique(word)

    def change(self) -> Json:
        return {self.label: self.label_text("Changed")}

    def found(self, api: Api, records: list[Json], **query: object) -> list[str]:
        """Which of the records a list answers with; a comma in a text is a part of it."""
        narrowed = {"id__in": ",".join(r["id"] for r in records), **query}
        path = f"{self.here}?{urlencode(narrowed, quote_via=quote)}"
        return [item["id"] for item in api.items(path)]


def stale(record: Json) -> dict[str, str]:
    return {"If-Match": f'"{record["version"] + 7}"'}


def current(record: Json) -> dict[str, str]:
    return {"If-Match": f'"{record["version"]}"'}
