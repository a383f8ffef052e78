"""The counters and measures themselves: each of them can fail."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page

from tests.browser import measure
from tests.browser.contact_sheet import make_contact_sheets
from tests.browser.visitor import Visitor

_PAGE = """<!DOCTYPE html><html lang="zh-CN"><head><title>试</title>
<meta name="viewport" content="width=device-width"></head><body><main>%s</main></body></html>"""


@pytest.fixture
def phone(new_context) -> BrowserContext:
    context = new_context(viewport={"width": 320, "height": 640})
    context.set_default_timeout(5_000)
    return context


@pytest.fixture
def page(phone: BrowserContext) -> Page:
    return phone.new_page()


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ('<button style="width: 60px; height: 47px">好</button>', 1),
        ('<button style="width: 60px; height: 48px">好</button>', 0),
        ('<a href="/" style="display: inline-block; height: 60px; width: 20px">去</a>', 1),
        ('<p>在这里可以<a href="/">看说明</a>。</p>', 0),
        ('<p><a href="/">看说明</a></p>', 1),
        ('<label for="a" style="display: block; height: 60px">要<input id="a" type="radio"></label>', 0),
        ('<label for="a" style="display: block; height: 30px">要<input id="a" type="radio"></label>', 1),
        ('<a href="#m" style="position: absolute; left: -999px">跳过</a>', 0),
    ],
)
def test_a_target_that_is_too_small_is_found_and_a_link_in_a_sentence_is_not(
    page: Page, content: str, found: int
) -> None:
    page.set_content(_PAGE % content)

    assert len(measure.small_targets(page, "standard")) == found


def test_large_text_asks_for_larger_targets(page: Page) -> None:
    page.set_content(_PAGE % '<button style="width: 59px; height: 59px">好</button>')

    assert measure.small_targets(page, "standard") == []
    assert len(measure.small_targets(page, "largest")) == 1


def test_a_page_that_scrolls_sideways_is_found_and_a_frame_that_scrolls_in_itself_is_not(page: Page) -> None:
    page.set_content(_PAGE % '<div class="wide" style="width: 500px">宽</div>')
    wide = measure.wider_than_the_screen(page)
    page.set_content(_PAGE % '<div class="scroll" style="overflow-x: auto"><div style="width: 500px">宽</div></div>')

    assert [fault.split(" ends")[0] for fault in wide] == ["div.wide"]
    assert measure.wider_than_the_screen(page) == []


def test_axe_finds_a_field_without_a_label_and_nothing_where_nothing_is(page: Page) -> None:
    page.set_content(_PAGE % '<h1>填表</h1><input type="text">')
    unlabelled = measure.axe_violations(page)
    page.set_content(_PAGE % '<h1>填表</h1><label>姓名 <input type="text"></label>')

    assert [fault.split(":")[0] for fault in unlabelled] == ["label"]
    assert measure.axe_violations(page) == []


def test_axe_knows_wcag_2_2(page: Page) -> None:
    small = '<button style="width: 9px; height: 9px; padding: 0; border: 0" aria-label="%s"></button>'
    page.set_content(_PAGE % f"<h1>小</h1>{small % '一'}{small % '二'}")

    assert "target-size" in [fault.split(":")[0] for fault in measure.axe_violations(page)]


def _served(phone: BrowserContext, body: str) -> Visitor:
    # On the context, so that the visitor's own page is like any other.
    phone.route(
        re.compile("http://city.test/.*"),
        lambda route: route.fulfill(content_type="text/html; charset=utf-8", body=body),
    )
    return Visitor(phone, "http://city.test")


def test_a_page_that_moves_after_it_was_shown_is_measured(phone: BrowserContext) -> None:
    visitor = _served(phone, _PAGE % '<h1>动</h1><p id="a">一</p><p>二</p>')
    visitor.open("/one")
    still = measure.movement(visitor.page)
    visitor.page.evaluate("document.getElementById('a').style.height = '200px'")

    shift, moved = measure.movement(visitor.page)

    assert still == (0, "")
    assert shift > 0
    assert moved == "p."


def test_taps_and_typed_fields_are_counted_and_a_way_over_the_budget_fails(phone: BrowserContext) -> None:
    visitor = _served(phone, _PAGE % '<h1>一</h1><label>姓名 <input></label><a href="/two">去</a>')
    visitor.open("/one")
    visitor.enter("姓名", "王秀兰")
    visitor.tap(visitor.link("去"))
    visitor.tap(visitor.link("去"))

    visitor.within(taps=2, typed=1)
    with pytest.raises(AssertionError, match="2 taps, 1 typed"):
        visitor.within(taps=1, typed=1)
    with pytest.raises(AssertionError, match="2 taps, 1 typed"):
        visitor.within(taps=2, typed=0)


def test_a_page_from_somebody_elses_host_or_with_two_headings_is_a_fault(phone: BrowserContext) -> None:
    visitor = _served(phone, _PAGE % '<h1>一</h1><h1>二</h1><img alt="" src="http://elsewhere.invalid/a.png">')

    visitor.open("/one")

    with pytest.raises(AssertionError):
        visitor.unharmed()
    assert "/one: 2 h1 elements" in visitor.faults
    assert any("elsewhere.invalid" in fault for fault in visitor.faults)


def test_pictures_of_a_page_come_together_on_one_sheet(tmp_path: Path) -> None:
    for name in ("sign-in-standard-320-zh", "sign-in-large-390-en", "home-large-1280-zh"):
        Image.new("RGB", (320, 900), "white").save(tmp_path / f"{name}.png")

    sheets = make_contact_sheets(tmp_path)

    assert sorted(sheet.name for sheet in sheets) == ["home.png", "sign-in.png"]
