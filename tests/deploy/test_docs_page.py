"""The API reference is one file that loads nothing from elsewhere and works behind a stage."""

import re

import pytest

from local import docs_page

LOADS = re.compile(r"""<(?:script|link|img|iframe)\b[^>]*?\b(?:src|href)\s*=\s*["']?([^"'\s>]+)""")


@pytest.fixture(scope="module")
def page() -> str:
    docs_page.ensure()
    return docs_page.PAGE.read_text()


@pytest.fixture(scope="module")
def markup(page: str) -> str:
    """The page without what is inside scripts and styles."""
    return re.sub(r"(<(script|style)>).*?(</\2>)", r"\1\3", page, flags=re.DOTALL)


def test_nothing_is_loaded_from_elsewhere(markup: str) -> None:
    assert [place for place in LOADS.findall(markup) if not place.startswith("data:")] == []


def test_styles_name_no_font_or_image_of_elsewhere(page: str) -> None:
    style = page.partition("<style>")[2].partition("</style>")[0]
    places = re.findall(r"""url\(\s*["']?([^"')]{0,40})""", style)
    assert len(style) > 10_000
    assert [place for place in places if not place.startswith("data:")] == []
    assert "@import" not in style


def test_scripts_and_styles_end_where_they_should(page: str, markup: str) -> None:
    assert page.count("</script>") == 2
    assert page.count("</style>") == 1
    assert "<!--" not in page.partition("<script>")[2]  # it would hide the end of the script
    assert len(markup) < 1_000


def test_the_document_is_read_from_beside_the_page(page: str) -> None:
    assert 'new URL("openapi.json", location.href)' in page
