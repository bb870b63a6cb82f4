"""The API reference is one file that loads nothing from elsewhere and works behind a stage."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser

import pytest
from starlette.requests import Request

from local import docs_page
from system.meta import get_docs
from tests.support.inside import awaited

LOADS = re.compile(r"""<(?:script|link|img|iframe)\b[^>]*?\b(?:src|href)\s*=\s*["']?([^"'\s>]+)""")


class Scripts(HTMLParser):
    """What stands in a page's scripts, as a browser reads it."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - its signature
        if tag == "script":
            self.texts.append("")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script":
            self.texts[-1] += data


@pytest.fixture(scope="module")
def page() -> str:
    docs_page.ensure()
    return docs_page.PAGE.read_text()


@pytest.fixture(scope="module")
def markup(page: str) -> str:
    """The page without what is inside scripts and styles."""
    return re.sub(r"(<(script|style)>).*?(</\2>)", r"\1\3", page, flags=re.DOTALL)


def test_nothing_is_loaded_from_elsewhere(markup: str) -> None:
    places = LOADS.findall(markup)
    assert [place for place in places if not place.startswith("data:")] == ["openapi.json"]


def test_styles_name_no_font_or_image_of_elsewhere(page: str) -> None:
    style = "".join(re.findall("<style>(.*?)</style>", page, re.DOTALL))
    places = re.findall(r"""url\(\s*["']?([^"')]{0,40})""", style)
    assert len(style) > 10_000
    assert [place for place in places if not place.startswith("data:")] == []
    assert "@import" not in style


def test_scripts_and_styles_end_where_they_should(page: str, markup: str) -> None:
    assert page.count("</script>") == 2
    assert page.count("</style>") == 2
    assert "<!--" not in page.partition("<script>")[2]  # it would hide the end of the script
    around_guide = re.sub('<section id="guide".*?</section>', "", markup, flags=re.DOTALL)
    assert len(around_guide) < 4_000


def test_the_document_is_read_from_beside_the_page(page: str) -> None:
    assert 'new URL("openapi.json", location.href)' in page


def test_the_policy_lets_the_pages_own_scripts_run_and_no_other(page: str) -> None:
    """A browser takes the digest of what stands between the tags, its lines ended by \\n alone."""
    answer = awaited(get_docs(Request({"type": "http", "headers": []})))
    assert bytes(answer.body).decode() == page
    assert not set("\r\0") & set(page)
    policy = dict(
        part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";")
    )
    scripts = Scripts()
    scripts.feed(page)
    digests = [b64encode(sha256(text.encode()).digest()).decode() for text in scripts.texts]
    assert len(digests) == 2
    assert policy["script-src"].split() == [f"'sha256-{digest}'" for digest in digests]
    for closed in ("default-src", "form-action", "frame-ancestors"):
        assert policy[closed] == "'none'"


def test_the_page_asks_for_no_script_that_the_policy_stops(page: str, markup: str) -> None:
    """No handler in an attribute, no address that is a script."""
    assert not re.search(r"\son\w+\s*=", markup)
    assert 'createElement("script")' not in page
