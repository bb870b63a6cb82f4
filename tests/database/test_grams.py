"""The letters that an index finds a word by."""

import pytest

from tests.support.database import Session

PARTS = """
    SELECT substr(:text, start, size) FROM generate_series(1, length(:text)) AS start
    CROSS JOIN generate_series(1, length(:text) - start + 1) AS size
    WHERE NOT nexus.search_grams('T', :text) @> nexus.query_grams('T', substr(:text, start, size))
"""
HELD = "SELECT nexus.search_grams(:one, :text) @> nexus.query_grams(:other, :word)"


@pytest.mark.parametrize(
    "text", ["wrzeszczynski ozturk", "a b", "李小龍 bruce", "lks-2 10.0.0.1", ""]
)
def test_every_part_of_a_text_is_found(superuser: Session, text: str) -> None:
    assert superuser.column(PARTS, text=text) == []


@pytest.mark.parametrize("word", ["ab", "lundq", "qlund", "lundkavichq", "kavlundich", "chlund"])
def test_what_is_no_part_is_not(superuser: Session, word: str) -> None:
    assert not superuser.value(HELD, one="T", other="T", text="a lundkavich b", word=word)


@pytest.mark.parametrize("word", ["l", "lu", "lund", "lundkavich"])
def test_no_tenants_words_are_anothers(superuser: Session, word: str) -> None:
    assert not superuser.value(HELD, one="T", other="U", text=word, word=word)


@pytest.mark.parametrize("text", ["", "lund"])
def test_a_word_of_which_nothing_is_left_is_in_every_text(superuser: Session, text: str) -> None:
    assert superuser.value(HELD, one="T", other="T", text=text, word="")


def test_a_long_text_takes_its_time_by_its_length(superuser: Session) -> None:
    """Not by its square."""
    sql = "SELECT count(*) FROM unnest(nexus.search_grams('T', repeat('ÿa', 10000)))"
    assert superuser.value(sql) == 5 * 20_000 - 10
