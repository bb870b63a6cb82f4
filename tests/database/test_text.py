"""How the database compares texts: for uniqueness, for searches, for sorts."""
# ruff: noqa: RUF001 - letters that look alike are what this is about

import sys
import unicodedata

import pytest

from local.postgres import Postgres
from migrations import runner
from tests.support.database import Session
from tests.support.stack import kernel

# Letters of many scripts, accents, punctuation: what depends on a collation would show.
SAMPLE = "".join(chr(point) for point in range(0x20, 0x2000) if chr(point).isprintable())
FOLDINGS = """
    SELECT nexus.fold_unique(:text), nexus.fold_search(:text), nexus.search_text(:text),
           nexus.search_grams('', nexus.search_text(:text))::text, nexus.joined_name('王', '明')
"""


def forms(text: str) -> set[str]:
    return {unicodedata.normalize(form, text) for form in ("NFC", "NFD")}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ΟΔΟΣ", "οδος"),
        ("ΟΔΟΣ", "οδοσ"),
        ("Straße", "STRASSE"),
        ("STRAẞE", "strasse"),
        ("ﬁnance", "FINANCE"),
        ("é", "e\N{COMBINING ACUTE ACCENT}"),
        ("É", "e\N{COMBINING ACUTE ACCENT}"),
        ("ᾼ", "αι"),
        ("МОСКВА", "москва"),
        ("\N{KELVIN SIGN}", "k"),
        ("\N{MICRO SIGN}", "μ"),
        ("LAKESIDE", "lakeside"),
    ],
)
def test_texts_that_differ_by_case_and_form_alone_are_one(
    superuser: Session, one: str, other: str
) -> None:
    folded = "SELECT nexus.fold_unique(:text)"
    said = {superuser.value(folded, text=text) for text in forms(one) | forms(other)}
    assert len(said) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("Müller", "Muller"), ("Łódź", "Lodz"), ("ı", "i"), ("a b", "ab"), ("א", "ב")],
)
def test_accents_and_spaces_make_another_text(superuser: Session, one: str, other: str) -> None:
    same = "SELECT nexus.fold_unique(:one) = nexus.fold_unique(:other)"
    assert superuser.value(same, one=one, other=other) is False


def test_every_character_is_folded_as_unicode_folds_it(superuser: Session) -> None:
    """Each by itself, as UAX 15 and D145 of the standard have it, for all that both sides know."""
    points = range(1, sys.maxunicode + 1)
    characters = [
        chr(point) for point in points if unicodedata.category(chr(point)) not in ("Cn", "Cs")
    ]
    rows = superuser.run(
        "SELECT c, nexus.fold_unique(c) AS folded, nexus.fold_unique(d) AS other"
        " FROM unnest(CAST(:given AS text[]), CAST(:folded AS text[])) AS t (c, d)"
        " WHERE nexus.fold_unique(c) <> nexus.fold_unique(d)",
        given=characters,
        folded=[_folded(character) for character in characters],
    )
    assert rows == []


def test_what_unicode_keeps_apart_stays_apart(superuser: Session) -> None:
    letters = [chr(point) for point in range(1, 0x2000) if chr(point).isalpha()]
    kept = superuser.value(
        "SELECT count(DISTINCT nexus.fold_unique(c)) FROM unnest(CAST(:given AS text[])) AS c",
        given=letters,
    )
    assert kept == len({_folded(letter) for letter in letters})


def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFD", text).casefold()
    return unicodedata.normalize("NFC", folded)


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("Παπαδόπουλος", "ΠΑΠΑΔΟΠΟΥΛΟΣ"),
        ("Παπαδόπουλος", "παπαδοπουλοσ"),
        ("שָׁלוֹם", "שלום"),
        ("مُحَمَّد", "محمد"),
        ("أحمد", "احمد"),
        ("O'Brien", "obrien"),
        ("O’Brien", "O'Brien"),
        ("OʼBrien", "o`brien"),
        ("Ludwig Beethoven", "Beethoven,"),
        ("«Beethoven»", "beethoven"),
        ("Dr. Ito", "dr"),
        ("Dr Ito", "Dr."),
        ("Müller", "muller"),
        ("Müller", "mueller"),
        ("Mu\N{COMBINING DIAERESIS}ller", "MUELLER"),
        ("Søren Åberg", "soeren"),
        ("Søren Åberg", "aaberg"),
        ("Søren Åberg", "soren"),
        ("Łódź", "lodz"),
        ("Æsop", "aesop"),
        ("Straße", "STRASSE"),
        ("İstanbul", "istanbul"),
        ("Ｆｕｌｌ", "full"),
        ("한국", "한국"),
        ("佐々木", "佐々"),
        ("ジョン・スミス", "スミス"),
        ("sho\N{SOFT HYPHEN}es", "shoes"),
        ("zoe@school.example", "@school.ex"),
        ("+15551234567", "+1555"),
        ("LKS-2", "ks-2"),
        ("10.0.0.1", "10.0."),
        ("10.0.0.1", ".0.1"),
        ("aa:bb:cc", "bb:c"),
        ("C:\\Users", "C:\\u"),
        ("EG/2", "eg/2"),
        ("50%", "50%"),
        ("a_b", "_"),
    ],
)
def test_a_text_is_found_by_what_people_type(superuser: Session, stored: str, typed: str) -> None:
    found = "SELECT strpos(nexus.search_text(:stored), nexus.fold_search(:typed)) > 0"
    assert all(superuser.value(found, stored=stored, typed=form) for form in forms(typed))


@pytest.mark.parametrize(
    ("stored", "typed"),
    [("कि", "क"), ("が", "か!"), ("佐々木", "佐木"), ("Muller", "mueller"), ("Brien", "obrien")],
)
def test_another_word_folds_to_another_text(superuser: Session, stored: str, typed: str) -> None:
    same = "SELECT nexus.fold_search(:stored) = nexus.fold_search(:typed)"
    assert superuser.value(same, stored=stored, typed=typed) is False


def test_folding_twice_changes_nothing(superuser: Session) -> None:
    """So that what is folded may be compared with what was."""
    texts = ["ΟΔΟΣ!", "Dr. (Ito)  «x»", "O'Brien", "ﷺ", "한국", "が", "a. . b", " . "]
    for text in texts:
        folded = superuser.value("SELECT nexus.fold_search(:text)", text=text)
        assert superuser.value("SELECT nexus.fold_search(:text)", text=folded) == folded


def test_sorts_take_texts_that_are_longer_than_an_index_takes(superuser: Session) -> None:
    """2,704 bytes, however little they can be compressed."""
    with superuser.undone():
        superuser.run(
            "INSERT INTO identities (id, tenant_id, person_id, last_name, preferred_name)"
            " SELECT nexus.ulid(), nexus.root_tenant_id(), nexus.ulid(), 'Ito',"
            " string_agg(chr(131072 + (random() * 40000)::int), '') FROM generate_series(1, 1000)"
        )


def test_a_database_without_a_locale_folds_alike(postgres: Postgres, superuser: Session) -> None:
    superuser.run("CREATE DATABASE plain TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'")
    url = postgres.url("plain")
    with kernel(NEXUS_DATABASE_URL=url):
        runner.upgrade(url)
    with Session(url) as plain:
        assert plain.value("SELECT datcollate FROM pg_database WHERE datname = 'plain'") == "C"
        assert plain.run(FOLDINGS, text=SAMPLE) == superuser.run(FOLDINGS, text=SAMPLE)
