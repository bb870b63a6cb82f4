"""A document's answers are compared: what differs is noticed."""

import pytest

from tests.local.transcripts import Block, read

RECORD = '{"id": "01", "names": ["Zoë", "Ida"], "count": 2, "holder": {"id": "02", "name": "Ida"}}'


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        (RECORD, True),
        (RECORD.replace("01", "…").replace("2,", '"…",'), True),
        ('{"names": ["Zoë", "…"], "…": "…"}', True),
        ('{"holder": {"name": "I…a", "…": "…"}, "…": "…"}', True),
        (RECORD.replace("Zoë", "Zoe"), False),
        (RECORD.replace("2,", "3,"), False),
        (RECORD.replace("2,", '"2",'), False),
        ('{"names": ["Zoë"], "…": "…"}', False),
        ('{"names": ["Zoë", "Ida", "Eli", "…"], "…": "…"}', False),
        ('{"holder": {"name": "Ida"}, "…": "…"}', False),
        ('{"title": "…", "…": "…"}', False),
        (RECORD + RECORD, False),
    ],
)
def test_an_answer_that_is_shown_is_the_one_that_came(shown: str, told: bool) -> None:
    assert Block("", "json", shown).tells(RECORD) is told


def test_a_block_has_the_answer_right_below_it() -> None:
    one, other = read("```bash\none\n```\n\n```text\n… 1\n```\n\nThen:\n\n```bash\nother\n```\n")
    assert (one, other) == (Block("one\n", "text", "… 1\n"), Block("other\n", "", ""))
    assert one.tells("number 1\n")
    assert not one.tells("number 2\n")
    assert not other.tells("more than is shown\n")
