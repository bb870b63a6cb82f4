"""The pictures of the docs page, of demo data: `make docs-pictures`."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from tests.local.running import Run, running
from tests.support.browser import WIDTHS, chromium, docs_page
from tests.support.stack import REPOSITORY

FOLDER = REPOSITORY / "docs" / "pictures"


def take(browser: Browser, run: Run, width: int) -> None:
    """What one opens, and what an operation has answered."""
    with docs_page(browser, run.url, width) as docs:
        docs.open()
        docs.page.locator(".opblock").wait_for()
        docs.page.screenshot(path=FOLDER / f"docs-{width}.png")
        docs.page.emulate_media(color_scheme="dark")
        docs.sign_in("administrator@nexus.example", run.told_password())
        docs.choose_tenant("Lakeside School District")
        docs.show("GET", "/locations")
        docs.execute()
        docs.page.locator(".live-responses-table").scroll_into_view_if_needed()
        docs.page.screenshot(path=FOLDER / f"docs-{width}-dark.png")


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder) / "data", NEXUS_DEMO="1") as run,
        chromium() as browser,
    ):
        for width in WIDTHS:
            take(browser, run, width)


if __name__ == "__main__":
    main()
