"""The docs page in a browser: found, signed in, for a tenant, tried; narrow and wide."""

import gzip
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.support.api import Api
from tests.support.browser import WIDTHS, DocsPage, chromium, docs_page, renderers
from tests.support.documented import PATHS
from tests.support.people import Tenant, World, unique

# Of the processor's time, which does not grow much with what else runs here: it takes half of this,
# and a viewer that is given the whole document twice as much.
SECONDS_TO_SEE = 6
MOST_BYTES = 1_000_000
DARK, LIGHT = "rgb(28, 32, 34)", "rgb(255, 255, 255)"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def loaded(browser: Browser, base_url: str) -> Iterator[DocsPage]:
    """Loaded once: an address with another fragment loads nothing anew."""
    with docs_page(browser, base_url, max(WIDTHS)) as docs:
        docs.open()
        yield docs


@pytest.fixture
def docs(loaded: DocsPage) -> Iterator[DocsPage]:
    """The page with nobody signed in, and as it is left."""
    loaded.failures.clear()
    yield loaded
    assert loaded.failures == []


@pytest.fixture(scope="module")
def two(world: World) -> tuple[Tenant, Tenant]:
    """Of one administrator, who has to choose."""
    admin = world.sign_up()
    return world.new_tenant(admin), world.new_tenant(admin)


@pytest.fixture
def caller(two: tuple[Tenant, Tenant]) -> Api:
    return two[0].admin


def test_it_is_soon_there_and_fits_narrow_and_wide_light_and_dark(
    browser: Browser, base_url: str
) -> None:
    with docs_page(browser, base_url, min(WIDTHS)) as docs:
        before = renderers()
        docs.open()
        docs.page.locator(".opblock").wait_for()
        spent = sum(now - before.get(process, 0) for process, now in renderers().items())
        assert spent < SECONDS_TO_SEE
        for path in ("/me", "/issues"):
            docs.show("GET", path)
            for width in WIDTHS:
                assert docs.overhang(width) <= 0, (path, width)
        docs.page.emulate_media(color_scheme="dark")
        expect(docs.page.locator("body")).to_have_css("background-color", DARK)
        docs.page.emulate_media(color_scheme="light")
        expect(docs.page.locator("body")).to_have_css("background-color", LIGHT)
        assert docs.failures == []


def test_a_person_signs_in_chooses_a_tenant_reads_writes_and_signs_out(
    docs: DocsPage, two: tuple[Tenant, Tenant], caller: Api
) -> None:
    _, chosen = two
    docs.sign_in(caller.user["username"], caller.password)
    docs.choose_tenant(chosen.name)

    docs.show("GET", "/me/current-tenant")
    assert docs.execute() == "200"
    assert chosen.id in docs.answered()

    name = unique("Written by hand")
    docs.show("POST", "/groups")
    docs.page.locator(".body-param textarea").fill(f'{{"name": "{name}"}}')
    assert docs.execute() == "201"
    assert [group["tenant_id"] for group in chosen.admin.items("/groups", name=name)] == [chosen.id]

    token = docs.page.evaluate("session.token")
    docs.page.reload()
    expect(docs.page.locator("#tenant option:checked")).to_have_text(chosen.name)
    assert docs.page.evaluate("[localStorage.length, document.cookie]") == [0, ""]
    with docs.page.expect_navigation():
        docs.page.get_by_role("button", name="Sign out").click()
    assert caller.user["username"] not in docs.page.locator("#reference").inner_text()
    expect(docs.page.get_by_role("button", name="Sign in")).to_be_visible()
    assert token not in docs.page.evaluate("JSON.stringify(sessionStorage)")
    caller.bearing(token).refused(401, "GET", "/me")


def test_who_cannot_sign_in_is_told_why(loaded: DocsPage) -> None:
    loaded.fill_in(unique("nobody"), "wrong")
    expect(loaded.page.locator("#said")).to_have_text(
        "Name and password do not match an active user. Check both and try again."
    )


def test_a_session_that_was_ended_elsewhere_is_signed_out(loaded: DocsPage, caller: Api) -> None:
    loaded.sign_in(caller.user["username"], caller.password)
    loaded.open("me.signin")
    assert loaded.execute() == "401"
    token = loaded.page.evaluate("session.token")
    caller.bearing(token).expect(204, "POST", "/me/signout")
    loaded.show("GET", "/me")
    assert loaded.execute() == "401"
    expect(loaded.page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(loaded.page.locator("#said")).to_have_text("The session has ended: sign in again.")


def test_operations_are_found_by_path_and_by_words(docs: DocsPage) -> None:
    search = docs.page.get_by_label("Search operations")
    found = docs.page.locator("nav li:visible")
    summary: str = PATHS["/asset-circulations"]["post"]["summary"]
    for words in ("asset-circ POST", " ".join(reversed(summary.upper().split()))):
        search.fill(words)
        expect(found.get_by_text("POST /asset-circulations", exact=True)).to_be_visible()
        assert found.count() < 20
    search.fill("qqxzzy operation")
    expect(docs.page.locator("#found")).to_contain_text("Nothing has all of these words")
    search.fill("/me/signout")
    expect(docs.page.locator("#found")).to_have_text("1 operation")


def test_the_guide_is_there_to_be_read(docs: DocsPage) -> None:
    docs.open("guide")
    docs.page.locator("#guide").get_by_role("link", name="Changing safely").click()
    heading = docs.page.get_by_role("heading", name="Changing safely")
    for width in WIDTHS:
        assert docs.overhang(width) <= 0, width
    heading.scroll_into_view_if_needed()
    expect(heading).to_be_in_viewport()
    assert not docs.page.locator("#guide a[href$='.md']").count()


def test_any_fragment_leads_somewhere(docs: DocsPage) -> None:
    for nowhere in ("%", "no such operation"):
        docs.page.goto("about:blank")
        docs.open(nowhere)
        expect(docs.page.locator('.opblock-get [data-path="/me"]')).to_be_visible()
    docs.failures.clear()  # the viewer reads the fragment too, and logs what it cannot decode


def test_links_lead_to_operations_and_to_types_of_problems_and_back(docs: DocsPage) -> None:
    docs.open("groups.create")
    expect(docs.page.locator('.opblock-post [data-path="/groups"]')).to_be_visible()
    docs.page.get_by_role("link", name="/problems/stale").click()
    title = docs.page.get_by_role("heading", level=1)
    expect(title).to_have_text("The record has changed since you read it")
    docs.page.get_by_role("link", name="All types of problems").click()
    expect(docs.page.get_by_role("heading", name="Types of problems")).to_be_in_viewport()


def test_page_and_document_are_small(world: World) -> None:
    sent = [
        world.stranger().expect(200, "GET", path).content for path in ("/docs", "/openapi.json")
    ]
    assert sum(len(gzip.compress(content, 4)) for content in sent) < MOST_BYTES
