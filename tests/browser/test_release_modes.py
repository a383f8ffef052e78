"""A programme's way of release, from the administrator's look at it to what citizens can and cannot do."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser import ways
from tests.browser.city import City
from tests.browser.conftest import NewVisitor

# Every process knows a switch after two seconds; what everybody reads is kept a little longer.
_KNOWN = 2_500


def _people(city: City) -> tuple[dict[str, Any], dict[str, Any], str, str]:
    """Two citizens whose documents end in different digits, with those digits."""
    first = city.ask("family", people=[{"name": "尾号甲", "relation": "self", "born": "1988-04-04"}])
    digit = city.ask("digit_of", person=first["people"][0])
    while True:
        second = city.ask("family", people=[{"name": "尾号乙", "relation": "self", "born": "1989-05-05"}])
        other = city.ask("digit_of", person=second["people"][0])
        if other != digit:
            return first, second, digit, other


@pytest.fixture
def own_programme(city: City) -> dict[str, Any]:
    """A programme and a site of its own with places, that no other journey uses."""
    programme = city.ask("programme", name="分批疫苗")
    place = city.ask("new_site", name="分批接种点")
    for at in ("09:00", "10:00"):
        city.ask("slot", site=place["site"], programme=programme, day=place["day"], quota=20, at=at)
    return {**place, "programme": programme, "programme_pk": city.ask("programme_pk", programme=programme)}


def test_an_administrator_lets_people_in_by_cohort_and_then_everybody(
    city: City,
    administrator: NewVisitor,
    visitor: NewVisitor,
    own_programme: dict[str, Any],
    javascript: bool,
) -> None:
    first, second, digit, other = _people(city)
    address = f"/admin/booking/programme/{own_programme['programme_pk']}/release/"
    now = city.now()
    later = (now + timedelta(days=2)).replace(hour=8, minute=0)
    office = administrator(javascript=javascript)
    office.open(address)

    # Two rows, without losing what stands in the first one.
    office.pick(office.choice("分批次"))
    _fill(office.page, 0, "今天的", "Today", digit, now - timedelta(minutes=5))
    office.tap(office.button("再加一批"))
    _fill(office.page, 1, "后天的", "Later", other, later)
    office.tap(office.button("看看会怎样"))

    assert "从“到点开放”改成“分批次”" in office.text
    assert "不在任何一批，一直约不了" in office.text
    for who, said in ((digit, "现在就可以约"), (other, f"{later:%m-%d} 08:00 起可以约")):
        office.enter("出生日期", "1988-04-04")
        office.page.get_by_label("证件尾号").select_option(who)
        office.tap(office.button("几时可以约？"))
        assert said in office.page.locator(".answers").inner_text()
    office.tap(office.button("确定，就这样改"))
    assert "放号方式已改" in office.page.locator(".messagelist").inner_text()

    times = f"/{own_programme['programme']}/{own_programme['site']}/"
    early, late = visitor(family=first, javascript=javascript), visitor(family=second, javascript=javascript)
    early.page.wait_for_timeout(_KNOWN)
    ways.open_until(late, f"/book/{second['people'][0]}/", f"{later.month} 月 {later.day} 日")
    assert "您这一批" in late.text
    ways.open_until(late, f"/book/{second['people'][0]}{times}", "还没有轮到", seconds=30)
    assert late.heading == "还没有轮到"
    ways.open_until(early, f"/book/{first['people'][0]}{times}", "最早", seconds=30)
    ways.take_earliest(early)
    ways.confirm(early)

    office.open(address)
    office.pick(office.choice("到点开放"))
    office.tap(office.button("看看会怎样"))
    office.tap(office.button("确定，就这样改"))

    late.page.wait_for_timeout(_KNOWN)
    ways.open_until(late, f"/book/{second['people'][0]}{times}", "最早", seconds=30)
    ways.take_earliest(late)
    ways.confirm(late)
    assert [*office.faults, *early.faults, *late.faults] == []


def test_a_switch_by_mistake_is_taken_back(
    city: City, administrator: NewVisitor, own_programme: dict[str, Any]
) -> None:
    office = administrator()
    office.open(f"/admin/booking/programme/{own_programme['programme_pk']}/release/")
    office.pick(office.choice("凭邀请"))
    office.tap(office.button("看看会怎样"))
    assert "请先发邀请名单" in office.text
    office.tap(office.button("确定，就这样改"))

    office.tap(office.button("撤销，改回原来的"))

    assert "已改回原来的放号方式" in office.page.locator(".messagelist").inner_text()
    assert "到点开放 · " in office.text
    assert not office.faults, "\n".join(office.faults)


def _fill(page: Page, row: int, name: str, name_en: str, digit: str, opens: datetime) -> None:
    fields = {"name": name, "name_en": name_en, "opens_at": f"{opens:%Y-%m-%dT%H:%M}"}
    for field, text in fields.items():
        page.locator(f"[name=cohorts-{row}-{field}]").fill(text)
    page.locator(f"[name=cohorts-{row}-digits]").nth(int(digit)).check()
