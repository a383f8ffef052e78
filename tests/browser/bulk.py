"""Stretches of the way through a bulk change, in the admin."""

import re

from playwright.sync_api import expect

from tests.browser.visitor import Visitor

# The worker takes a job at once, but there is one for the whole city.
_PATIENCE = 20_000


def look(office: Visitor) -> None:
    """From the filled-in form to the preview; proposals for days of a year that is not announced stay as they are."""
    office.tap(office.button("先看看会变什么"))
    if office.path.endswith("/new/") and office.page.locator(".errornote").count() == 0:
        office.tap(office.button("先看看会变什么"))
    assert office.path.endswith("/preview/"), office.text


def counts(office: Visitor) -> dict[str, str]:
    """The numbers of the page, by their names."""
    rows = office.page.locator(".change-counts > div")
    return {row.locator("dt").inner_text(): row.locator("dd").inner_text() for row in rows.all()}


def cells(office: Visitor) -> dict[str, list[str]]:
    """The numbers of each site in the table of days."""
    rows = office.page.locator(".change-days tbody tr")
    return {row.locator("th").inner_text(): row.locator("td").all_inner_texts() for row in rows.all()}


def wait_until_done(office: Visitor, state: str) -> None:
    """Look on until the page by itself says so; a progress bar has been there if it took long enough."""
    expect(office.page.locator("#state-label")).to_have_text(re.compile(f"^{state}$"), timeout=_PATIENCE)
    expect(office.page.locator("#change-progress")).to_have_count(0)
