"""Every page in every text size, width and language: nobody is shut out, nothing is cut off."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser import measure
from tests.browser.city import City
from tests.browser.conftest import NewVisitor
from tests.browser.pages import PAGES, PageOfOurs
from tests.browser.prepared import Facts, prepare

WIDTHS = (320, 390, 1280)
SCREEN = 844
LANGUAGES = {"zh": "zh-hans", "en": "en"}


@pytest.fixture(scope="session")
def facts(city: City) -> Facts:
    """The family whose pages they are."""
    return prepare(city)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text_size", ["standard", "large", "largest"])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_it_can_be_read_tapped_and_understood_on_every_screen(
    page: PageOfOurs, text_size: str, language: str, visitor: NewVisitor, facts: Facts, pictures: Path
) -> None:
    somebody = visitor(
        family=facts.get("family") if page.signed_in else None, language=LANGUAGES[language], text_size=text_size
    )

    page.go(somebody, facts)

    faults = []
    for width in WIDTHS:
        somebody.page.set_viewport_size({"width": width, "height": SCREEN})
        found = (
            measure.wider_than_the_screen(somebody.page)
            + measure.broken_words(somebody.page)
            + measure.small_targets(somebody.page, page.text_size or text_size)
            + measure.axe_violations(somebody.page)
        )
        _take_picture(somebody.page, pictures / f"{page.name}-{text_size}-{width}-{language}.png")
        faults += [f"{width} px: {fault}" for fault in found]
    faults += somebody.faults
    assert not faults, "\n".join(faults)
    assert somebody.page.locator("html").get_attribute("lang") == ("en" if language == "en" else "zh-CN")
    assert somebody.page.locator("html").get_attribute("data-size") == (page.text_size or text_size)


def _take_picture(page: Page, target: Path) -> None:
    # On a screen as high as the page, so that a bar at the bottom of the screen covers nothing.
    size = page.viewport_size or {"width": 0, "height": 0}
    height = int(page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": size["width"], "height": max(size["height"], height)})
    page.screenshot(path=target)
