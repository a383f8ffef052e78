"""The city screen in a browser: alerts are claimed and handled, numbers stop, walls are paired, on every screen."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import measure
from tests.browser.city import City
from tests.browser.visitor import Visitor

NewVisitor = Callable[..., Visitor]
NewContext = Callable[..., BrowserContext]


@pytest.fixture
def come(new_context: NewContext, city: City) -> Callable[..., Page]:
    """Somebody with an office at the city screen."""

    def come(
        *, role: str = "city", width: int = 1920, height: int = 1080, javascript: bool = True, language: str = "zh-hans"
    ) -> Page:
        session = city.ask("administrator", role=role)["session"]
        context = new_context(
            java_script_enabled=javascript, locale="zh-CN", timezone_id=city.zone, reduced_motion="reduce",
            viewport={"width": width, "height": height},
        )  # fmt: skip
        known = {"sessionid": session, "django_language": language}
        context.add_cookies([{"name": name, "value": value, "url": city.address} for name, value in known.items()])
        page = context.new_page()
        page.clock.install()
        page.goto(f"{city.address}/admin/city/")
        return page

    return come


@pytest.fixture
def alert(city: City) -> dict[str, Any]:
    """A site of its own where many people wait, for as long as nobody looks at the facts again."""
    return city.ask("city_alert", severity="red")  # type: ignore[no-any-return]


def test_an_alert_is_claimed_handled_and_taken_back(come: Callable[..., Page], alert: dict[str, Any]) -> None:
    page = come()
    shown = page.locator(f"[data-alert='{alert['pk']}']")

    shown.get_by_role("button", name=re.compile("^认领")).click()
    expect(shown.get_by_text(re.compile("认领$"))).to_be_visible()
    shown.get_by_role("link", name=re.compile("^处理…")).click()
    assert measure.axe_violations(page, but_for=("#searchbar",)) == []
    page.get_by_label("做了什么").fill("加了一张登记台")
    page.get_by_role("button", name="处理好了").click()

    expect(page.locator(".rest").get_by_text(re.compile("处理：加了一张登记台"))).to_be_visible()
    page.locator(f".rest [data-alert='{alert['pk']}'] a").click()
    page.get_by_role("button", name="还没有处理好，撤销").click()
    expect(page.get_by_text("已撤销，警报回到您这里。")).to_be_visible()


def test_a_new_alert_comes_by_itself_and_leaves_the_focus_where_it_is(come: Callable[..., Page], city: City) -> None:
    page = come()
    page.locator("#tile-430102").focus()

    made = city.ask("city_alert", severity="red")
    page.clock.run_for(7_000)

    expect(page.locator(f"[data-alert='{made['pk']}']")).to_be_visible(timeout=15_000)
    expect(page.locator("#tile-430102")).to_be_focused()
    expect(page.locator("#news")).to_have_text("新的红色警报")


def test_without_the_link_it_says_since_when_the_numbers_stand(come: Callable[..., Page]) -> None:
    page = come()
    page.clock.run_for(1_000)

    page.context.set_offline(True)
    page.clock.run_for(31_000)

    expect(page.locator("#lost")).to_have_text(re.compile(r"^连不上系统，数据停在 \d\d:\d\d$"))
    expect(page.locator("body")).to_have_class("lost")
    page.context.set_offline(False)
    page.clock.run_for(15_000)
    expect(page.locator("#lost")).to_be_hidden(timeout=15_000)


def test_without_a_script_it_is_complete_and_loads_itself_anew(
    come: Callable[..., Page], alert: dict[str, Any]
) -> None:
    page = come(javascript=False)

    expect(page.locator(f"[data-alert='{alert['pk']}']")).to_be_visible()
    assert '<meta http-equiv="refresh" content="30">' in page.content()
    page.locator(f"[data-alert='{alert['pk']}']").get_by_role("button", name=re.compile("^认领")).click()
    expect(page.get_by_text("已认领。处理好以后请在这里写明做了什么。")).to_be_visible()


def test_by_keys_alone_one_comes_to_a_districts_sites_and_back(come: Callable[..., Page]) -> None:
    page = come()
    page.locator("#tile-430104").focus()
    page.keyboard.press("Enter")

    expect(page.locator(".sites")).to_be_visible()
    page.locator("#up").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".tiles")).to_be_visible()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1366, 768), (1280, 720), (390, 844), (320, 700)])
def test_it_fits_every_screen(
    come: Callable[..., Page], alert: dict[str, Any], width: int, height: int, language: str
) -> None:
    page = come(width=width, height=height, language=language)

    assert measure.wider_than_the_screen(page) == []
    assert measure.axe_violations(page) == []
    if width >= 1100:
        # Nobody scrolls a wall.
        assert page.evaluate("document.documentElement.scrollHeight") <= height


def test_a_wall_is_paired_by_its_code_and_ended(come: Callable[..., Page], new_context: NewContext, city: City) -> None:
    city.ask("forget_addresses")
    wall = new_context(locale="zh-CN", timezone_id=city.zone, viewport={"width": 1920, "height": 1080}).new_page()
    wall.goto(f"{city.address}/screen/city/")
    expect(wall.locator("#code")).to_have_text(re.compile(r"^\d{3} \d{3}$"))
    assert measure.axe_violations(wall) == []
    page = come(width=1280, height=900)
    page.get_by_role("link", name="墙上的大屏").click()
    page.get_by_label("屏幕上的六位数字").fill(wall.locator("#code").inner_text())
    page.get_by_role("button", name="配对").click()

    expect(wall.locator(".tiles")).to_be_visible(timeout=30_000)
    assert measure.axe_violations(wall) == []
    assert measure.axe_violations(page, but_for=("#searchbar",)) == []
    page.get_by_role("button", name=re.compile("^停用")).first.click()
    expect(page.get_by_text("已停用")).to_be_visible()
    expect(wall.locator("#code")).to_have_text(re.compile(r"^\d{3} \d{3}$"), timeout=30_000)
