"""What people read about operations: words/<module>.yaml."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from infra.modules import MODULES
from infra.rights import Right, rights

FOLDER = Path(__file__).with_name("words")
SUMMARIES = {
    "list": "List {records}",
    "create": "Create {record}",
    "get": "Get {record}",
    "update": "Change {record}",
    "delete": "Delete {record}",
    "archive": "Archive {record}",
    "restore": "Restore {record}",
}
RULES = {
    "update": "A merge patch (RFC 7396): a member that is left out stays, `null` clears it.",
    "archive": "It leaves default lists and can still be read, not changed or newly referred to."
    " Done twice, nothing changes.",
    "restore": "Done twice, nothing changes.",
    "deactivate": "Done twice, nothing changes.",
}
WHO = {
    Right.ANYONE: "For everybody, without a token too.",
    Right.SIGNED_IN: "For whoever is signed in.",
    Right.MEMBER: "For members of the tenant.",
    Right.ADMINISTRATOR: "For administrators of the tenant.",
}


class Wordless(LookupError):
    """An operation, a tag or a schema has no words, or words are about none."""


@dataclass(frozen=True)
class Tag:
    """What operations are grouped by. `record` is one of its records with an article; `nouns` begin
    the ids of its operations."""

    name: str
    about: str
    record: str = ""
    nouns: Sequence[str] = ()


@dataclass(frozen=True)
class Words:
    """Of one operation. `problems` are the types that it answers with besides those that its form
    tells (see `problems.general`), without `/problems/`."""

    summary: str = ""
    description: str = ""
    problems: Sequence[str] = ()


@dataclass(frozen=True)
class Module:
    """`name` heads a group of tags."""

    name: str
    tags: Sequence[Tag]
    operations: Mapping[str, Words]


INTRODUCTION = FOLDER / "introduction.md"


@cache
def modules() -> Sequence[Module]:
    return [_module(yaml.safe_load((FOLDER / f"{name}.yaml").read_text())) for name in MODULES]


def _module(read: Mapping[str, Any]) -> Module:
    tags = [Tag(name, **about) for name, about in read["tags"].items()]
    operations = {name: Words(**words) for name, words in read["operations"].items()}
    return Module(read["name"], tags, operations)


def tag_of(operation_id: str) -> Tag:
    noun = operation_id.partition(".")[0]
    for module in modules():
        for tag in module.tags:
            if noun in tag.nouns:
                return tag
    raise Wordless(f"infra/document/words: no tag has the noun {noun}")


def words_of(operation_id: str) -> Words:
    for module in modules():
        if operation_id in module.operations:
            return module.operations[operation_id]
    raise Wordless(f"infra/document/words: nothing is said about {operation_id}")


def summary(operation_id: str) -> str:
    tag, verb = tag_of(operation_id), operation_id.partition(".")[2]
    told = words_of(operation_id).summary or SUMMARIES.get(verb, "")
    if not told:
        raise Wordless(f"infra/document/words: {operation_id} needs a summary")
    return told.format(record=tag.record, records=tag.name.lower())


def description(operation_id: str, method: str, path: str) -> str:
    """What is said of it, then what is so of all of its kind, then who may."""
    told = [words_of(operation_id).description.strip(), RULES.get(operation_id.partition(".")[2])]
    return "\n\n".join([*filter(None, told), WHO[rights()[method, path]]])


@dataclass(frozen=True)
class Shown:
    """What an operation's examples have of their own: `ids` by the parameter that names such a
    record, and bodies by what they do, where one for their schema does not say it."""

    ids: Mapping[str, str] = field(default_factory=dict)
    bodies: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Examples:
    """Records of the demo data, and bodies that do something with them: sent as they stand to a
    fresh database, they succeed. What they are secrets, times and others' ids in is shaped like
    real ones."""

    ids: Mapping[str, str]
    operations: Mapping[str, Shown]
    schemas: Mapping[str, Any]

    def id_for(self, operation_id: str, parameter: str) -> str:
        """Raises Wordless."""
        own = self.operations.get(operation_id, Shown()).ids
        try:
            return own[parameter] if parameter in own else self.ids[parameter]
        except KeyError:
            told = f"infra/document/words/examples.yaml: {operation_id} needs a {parameter}"
            raise Wordless(told) from None

    def bodies(self, operation_id: str) -> Mapping[str, Any]:
        return self.operations.get(operation_id, Shown()).bodies


@cache
def examples() -> Examples:
    read = yaml.safe_load((FOLDER / "examples.yaml").read_text())
    operations = {name: Shown(**shown) for name, shown in read["operations"].items()}
    return Examples(read["ids"], operations, read["schemas"])


def introduction() -> str:
    """What the document begins with."""
    return INTRODUCTION.read_text()


def check(operation_ids: Collection[str], schemas: Collection[str]) -> None:
    """Raises Wordless for words about what is not there."""
    said = {name for module in modules() for name in module.operations}
    shown = examples()
    unknown = (said | shown.operations.keys()) - {*operation_ids}
    unknown |= shown.schemas.keys() - {*schemas}
    if unknown:
        raise Wordless(f"infra/document/words: there is no {', '.join(sorted(unknown))}")
