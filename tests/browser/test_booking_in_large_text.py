"""Somebody who sees badly: large text on every page, once it was chosen."""

import pytest
from playwright.sync_api import Page

from tests.browser import measure, ways
from tests.browser.city import City
from tests.browser.conftest import NewVisitor

GRANDFATHER = {"name": "黄建国", "relation": "self", "born": "1944-12-01", "sex": "M"}
LEAST_PIXELS = {"large": 22, "largest": 30}


def _as_chosen(text_size: str):
    def look(page: Page) -> list[str]:
        pixels = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
        wrong = [] if pixels >= LEAST_PIXELS[text_size] else [f"text of {pixels} px"]
        # The way to a person is on every page.
        wrong += [] if page.locator("footer a[href^='tel:']").count() else ["no telephone"]
        return wrong + measure.small_targets(page, text_size) + measure.wider_than_the_screen(page)

    return look


@pytest.mark.parametrize("text_size", ["large", "largest"])
def test_an_old_man_books_in_large_text(city: City, visitor: NewVisitor, javascript: bool, text_size: str) -> None:
    family = city.ask("family", people=[GRANDFATHER])
    citizen = visitor(family=family, javascript=javascript, width=320, height=640)
    citizen.open("/")

    citizen.tap(citizen.page.locator("header a.tool").first)
    if text_size == "largest":
        citizen.tap(citizen.page.locator("header a.tool").first)
        citizen.tap(citizen.page.locator("main a.pick", has_text="特大字"))
    citizen.looks.append(_as_chosen(text_size))
    citizen.tap(citizen.link("预约接种"))
    ways.choose(citizen, "黄建国")
    ways.choose(citizen, "流感疫苗接种")
    ways.choose_first_site(citizen)
    off = citizen.page.locator(".week .day.off:visible")
    assert off.count() == 0, "Only days that can be booked are listed."
    ways.take_earliest(citizen)
    ways.confirm(citizen)

    citizen.within(taps=7 + {"large": 1, "largest": 3}[text_size])
