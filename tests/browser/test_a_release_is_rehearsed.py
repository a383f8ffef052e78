"""Before places come out, an administrator sees which; and all booking can be stopped at once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.browser import ways
from tests.browser.city import City
from tests.browser.conftest import NewVisitor

_TEXT, _TEXT_EN = "系统正在演习，半小时后再来。", "This is a drill. Come back in half an hour."


@pytest.fixture
def going_on(city: City) -> Iterator[None]:
    """Whatever happens, the other journeys can book again."""
    yield
    city.ask("let_everybody_book")


def test_the_dry_run_lists_what_will_become_bookable_and_answers_for_a_person_of_ones_own_making(
    city: City, administrator: NewVisitor, javascript: bool
) -> None:
    place = city.ask("new_site", name="白沙路接种点")
    # A minute that nothing else is released in.
    minute = 41 if javascript else 42
    opens = (city.now() + timedelta(hours=20)).replace(minute=minute, second=0, microsecond=0)
    there = {"site": place["site"], "programme": "influenza", "day": place["day"], "opens": opens.isoformat()}
    for at in ("13:00", "14:00"):
        city.ask("slot", quota=6, at=at, **there)
    office = administrator(javascript=javascript)
    office.open("/admin/booking/releaserule/timeline/")

    office.tap(office.page.get_by_role("link", name=f"{opens:%H:%M}").first)

    assert "放出 12 个号" in office.text
    assert "白沙路接种点" in office.text
    office.enter("年龄", "30")
    office.page.get_by_label("居住区县").select_option("430102")
    office.tap(office.button("这个人能约哪些？"))
    [answer] = office.page.locator(".answers li").all_inner_texts()
    assert answer.startswith("✓ 能约")
    assert "这次有 12 个号" in answer
    office.enter("已打几剂", "1")
    office.tap(office.button("这个人能约哪些？"))
    [answer] = office.page.locator(".answers li").all_inner_texts()
    assert answer.startswith("✕ 不能约")
    assert not office.faults, "\n".join(office.faults)


def test_everything_is_paused_with_words_and_goes_on_again(
    city: City, administrator: NewVisitor, visitor: NewVisitor, going_on: None
) -> None:
    place = city.ask("site_of")
    family = city.ask("family", people=[{"name": "谭静", "relation": "self", "born": "1988-04-04"}])
    citizen = visitor(family=family)
    times = f"/book/{family['people'][0]}/influenza/{place['site']}/"
    citizen.open(times)
    ways.take_earliest(citizen)
    office = administrator()
    office.open("/admin/booking/bookingpause/switch/")

    office.enter("公告", _TEXT)
    office.enter("英文公告", _TEXT_EN)
    office.tap(office.button("先看看市民会看到什么"))
    assert office.page.locator(".paused-look").all_inner_texts() == [_TEXT, _TEXT_EN]
    office.tap(office.button("现在暂停全市预约"))
    assert _TEXT in office.page.locator(".paused").inner_text()

    # Every process knows it a second later.
    citizen.page.wait_for_timeout(1_500)
    citizen.tap(citizen.button("确认预约"))
    assert "现在暂停预约" in citizen.text
    assert city.ask("appointments", people=family["people"]) == []
    citizen.open("/")
    assert _TEXT in citizen.page.locator(".paused").inner_text()

    office.tap(office.button("恢复全市预约"))
    assert office.page.locator(".paused").count() == 0
    citizen.page.wait_for_timeout(1_500)
    citizen.open(times)
    assert citizen.page.locator(".paused").count() == 0
    ways.take_earliest(citizen)
    ways.confirm(citizen)
    assert not office.faults, "\n".join(office.faults)
    # The browser notes that the refusal came as "not available now".
    assert [fault for fault in citizen.faults if "503" not in fault] == []
