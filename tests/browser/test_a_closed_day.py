"""A site has to close on a day on which forty people come: each gets another place or is told that there is none."""

import time
from collections import Counter
from typing import Any

from tests.browser import bulk
from tests.browser.city import City
from tests.browser.conftest import NewVisitor

_FAMILY = 8


def _family(city: City) -> dict[str, Any]:
    people = [{"name": f"龚家{sign}", "relation": "relative", "born": "1980-02-03"} for sign in "一二三四五六七八"]
    return dict(city.ask("family", people=people))


def _fates(city: City, references: list[str]) -> dict[str, list[Any]]:
    """What became of them, once the last message has gone out."""
    deadline = time.monotonic() + 20
    while True:
        fates: dict[str, list[Any]] = city.ask("fates", references=references)
        if all(told for *_, told in fates.values()) or time.monotonic() > deadline:
            return fates
        time.sleep(0.5)


def test_forty_people_of_a_closed_day_are_moved_or_cancelled_told_and_asked(
    city: City, administrator: NewVisitor, visitor: NewVisitor
) -> None:
    closing, near = city.ask("new_site", name="朝阳街接种点"), city.ask("new_site", name="解放路接种点", north=0.004)
    day, rare = closing["day"], city.ask("programme", name="黄热病疫苗")
    lost = city.ask("slot", site=closing["site"], programme="influenza", day=day, quota=40)
    lost_rare = city.ask("slot", site=closing["site"], programme=rare, day=day, quota=10, at="11:00")
    city.ask("slot", site=near["site"], programme="influenza", day=day, quota=60)
    families = [_family(city) for _ in range(40 // _FAMILY)]
    people = [person for family in families for person in family["people"]]
    # Nobody else nearby has what the last four want.
    booked = city.ask("booked_into", slot=lost, people=people[:36])
    booked_rare = city.ask("booked_into", slot=lost_rare, people=people[36:])
    office = administrator(role="district", district=closing["district"])
    office.open(f"/admin/booking/slot/calendar/?site={closing['site']}&first={day}")

    office.tap(office.link("整天停诊"))
    assert office.page.locator("#id_first").input_value() == day
    office.enter("原因", "停电")
    bulk.look(office)
    assert "有 40 个预约会失去原来的号" in office.text
    assert all(reference in office.text for reference in booked[:3])
    office.pick(office.choice("换到最近的同等或更好的号"))
    office.tap(office.page.locator(".change-confirm button"))
    bulk.wait_until_done(office, "已完成")
    numbers = bulk.counts(office)
    assert (numbers["换了号的人"], numbers["取消了的人"], numbers["没有动的人"]) == ("36", "4", "0")

    fates = _fates(city, booked + booked_rare)
    assert Counter(tuple(fate[:1] + fate[2:3] + fate[3]) for fate in fates.values()) == {
        ("BOOKED", "PENDING", "RELOCATED"): 36,
        ("CANCELLED", "NO_PLACE", "CANCELLED_BY_SITE"): 4,
    }
    assert all(fates[reference][1] != closing["site"] for reference in booked)
    assert city.ask("standing_slots", site=closing["site"]) == [
        [f"{day} 10:00", 40, 0, True], [f"{day} 11:00", 10, 0, True],
    ]  # fmt: skip
    assert not office.faults, "\n".join(office.faults)
    _two_answer(city, visitor, families, booked)


def _two_answer(city: City, visitor: NewVisitor, families: list[dict[str, Any]], booked: list[str]) -> None:
    suits, does_not = booked[0], booked[_FAMILY]
    content = visitor(family=families[0])
    content.open(f"/appointments/{suits}/")
    assert "停电" in content.page.locator(".relocated").inner_text()
    content.tap(content.button("就这个"))
    assert content.page.locator(".relocated").count() == 0
    content.within(taps=1)

    other = visitor(family=families[1])
    other.open(f"/appointments/{does_not}/")
    other.tap(other.button("不要了"))
    other.within(taps=1)

    fates = city.ask("fates", references=[suits, does_not, booked[1]])
    assert [fates[reference][0] for reference in (suits, does_not, booked[1])] == ["BOOKED", "CANCELLED", "BOOKED"]
    assert [fates[reference][2] for reference in (suits, does_not, booked[1])] == ["ACCEPTED", "DECLINED", "PENDING"]
