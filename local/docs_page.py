"""Writes functions/system/docs.html, the API reference and the guide in one file:
`python -m local.docs_page`."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parent / "functions" / "system" / "docs.html"
PINS = HERE / "docs_page.txt"
GUIDE = HERE.parent / "docs" / "guide.md"
RENDER = (
    "import sys; from markdown_it import MarkdownIt;"
    " print(MarkdownIt().enable('table').render(sys.stdin.read()))"
)
VIEWER = Path("drf_spectacular_sidecar/static/drf_spectacular_sidecar/swagger-ui-dist")


class ViewerMissing(Exception):
    """The package of the viewer could not be installed; the message is for people."""


def write(page: Path = PAGE) -> None:
    """Puts the viewer's files and the page's own into one, which then needs nothing from
    elsewhere."""
    with tempfile.TemporaryDirectory() as folder:
        _install(folder)
        files = Path(folder) / VIEWER
        parts = {
            "@VIEWER_STYLE@": (files / "swagger-ui.css").read_text(),
            "@VIEWER@": (files / "swagger-ui-bundle.js").read_text(),
            "@GUIDE@": _guide(folder),
        }
    parts["@STYLE@"] = (HERE / "docs_page.css").read_text()
    parts["@SCRIPT@"] = (HERE / "docs_page.js").read_text()
    whole = page.with_suffix(".new")  # what was interrupted is not there
    whole.write_text(_assembled(parts))
    whole.replace(page)


def ensure() -> None:
    """Writes the page where it is missing."""
    if not PAGE.exists():
        write()


def _assembled(parts: Mapping[str, str]) -> str:
    """The template with each part in its place; what stands in a part is no place."""
    template = (HERE / "docs_page.html").read_text()
    return re.sub(r"@[A-Z_]+@", lambda place: _embedded(parts[place[0]]), template)


def _guide(packages: str) -> str:
    """The guide as HTML, with its headings as `#guide-…`. What lies beside it is not served: of
    links to that the text stays."""
    html = subprocess.run(
        [sys.executable, "-c", RENDER],
        env={**os.environ, "PYTHONPATH": packages, "PYTHONUTF8": "1"},
        input=GUIDE.read_text(),
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    ).stdout
    html = re.sub(r'<a href="[^#"][^"]*">(.*?)</a>', r"\1", html).replace(
        'href="#', 'href="#guide-'
    )
    return re.sub("<h2>(.*?)</h2>", lambda found: _heading(found[1]), html)


def _heading(text: str) -> str:
    """With the id that links to it have in Markdown's renderers."""
    anchor = re.sub(r"[^\w -]", "", text.lower()).replace(" ", "-")
    return f'<h2 id="guide-{anchor}">{text}</h2>'


def _embedded(text: str) -> str:
    """An end tag inside would end the element; in a string or a comment "<\\/" means the same."""
    assert "</style" not in text.lower()  # noqa: S101 - a viewer that has it needs thought
    return _without_map(text.replace("</script", "<\\/script").replace("<!--", "<\\!--"))


def _without_map(text: str) -> str:
    """A source map would be looked for beside the page."""
    return re.sub(r"(//|/\*)# sourceMappingURL=\S+\s*$", "", text)


def _install(folder: str) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    options = ["--no-deps", "--no-compile", "--only-binary=:all:", "--require-hashes"]
    done = subprocess.run(
        [*pip, *options, "--target", folder, "-r", str(PINS)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ViewerMissing(f"the API reference's viewer is missing: {done.stderr.strip()[-300:]}")


if __name__ == "__main__":
    try:
        write()
    except ViewerMissing as missing:
        sys.exit(f"nexus: {missing}")
