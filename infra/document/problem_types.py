"""What GET /problems/{slug} answers: words/problem_types.yaml says it of each type."""

from pathlib import Path

import yaml

from infra.document.parameters import Json
from infra.document.problems import known
from infra.document.words import Wordless

WORDS: dict[str, dict[str, str]] = yaml.safe_load(
    (Path(__file__).parent / "words" / "problem_types.yaml").read_text()
)


def explained() -> Json:
    """By slug. Raises Wordless for a type without words, and for words about none."""
    kinds = known()
    if differing := sorted(kinds.keys() ^ WORDS.keys()):
        raise Wordless(f"infra/document/words/problem_types.yaml: {', '.join(differing)}")
    return {
        slug: {"type": kind.type(), "title": kind.title(), "status": kind.status, **WORDS[slug]}
        for slug, kind in kinds.items()
    }
