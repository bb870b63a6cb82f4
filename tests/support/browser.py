"""The docs page in a real Chromium, which is the distribution's: Playwright only drives it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import psutil
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright

WIDTHS = (390, 1280)
HEIGHT = 900
PATIENCE = 60_000  # milliseconds, for a machine that has much else to do


@dataclass
class DocsPage:
    """What a person does on it, and what went wrong meanwhile."""

    page: Page
    url: str
    failures: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda failure: self.failures.append(str(failure)))
        self.page.on("request", self._note_foreign)

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.failures.append(message.text)

    def _note_foreign(self, request: Request) -> None:
        if not request.url.startswith((f"{self.url}/", "data:", "blob:")):
            self.failures.append(f"asked {request.url}")

    def open(self, operation_id: str = "") -> None:
        self.page.goto(f"{self.url}/docs#{operation_id}")

    def fill_in(self, username: str, password: str) -> None:
        self.page.get_by_label("Username or email").fill(username)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()

    def sign_in(self, username: str, password: str) -> None:
        self.fill_in(username, password)
        self.page.locator("#tenant option").nth(1).wait_for(state="attached")

    def choose_tenant(self, name: str) -> None:
        self.page.get_by_label("Tenant").select_option(label=name)

    def show(self, method: str, path: str) -> None:
        """Finds an operation by its path, and waits until the viewer shows it."""
        self.page.get_by_label("Search operations").fill(f"{method} {path}")
        self.page.get_by_text(f"{method} {path}", exact=True).click()
        self.page.locator(f'.opblock-{method.lower()} [data-path="{path}"]').wait_for()

    def execute(self) -> str:
        """The status of the answer."""
        self.page.get_by_role("button", name="Execute").click()
        status = self.page.locator(".live-responses-table tbody .response-col_status").first
        return status.inner_text().split()[0]

    def answered(self) -> str:
        return self.page.locator(".live-responses-table").inner_text()

    def overhang(self, width: int) -> int:
        """By how many pixels the page is wider than a window of that width."""
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        wider: int = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        return wider


@contextmanager
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        yield browser
        browser.close()


@contextmanager
def docs_page(browser: Browser, url: str, width: int) -> Iterator[DocsPage]:
    """In a profile of its own."""
    with browser.new_context(viewport={"width": width, "height": HEIGHT}) as context:
        context.set_default_timeout(PATIENCE)
        found = DocsPage(context.new_page(), url)
        found.watch()
        yield found


def renderers() -> dict[int, float]:
    """Seconds of the processor's time that each process which draws a page has had."""
    found = {}
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            if "--type=renderer" in process.cmdline():
                found[process.pid] = sum(process.cpu_times()[:2])
    return found
