"""A slot is full: somebody waits, somebody else gives the place up, and the message brings it to whoever waits."""

from typing import Any

import pytest

from tests.browser import measure
from tests.browser.city import City
from tests.browser.conftest import NewVisitor
from tests.browser.visitor import Visitor

BOOSTER = "covid-booster"


@pytest.fixture
def full(city: City) -> dict[str, Any]:
    """A slot of one place, and whose it is."""
    slot = city.ask("last_place", programme=BOOSTER)
    city.ask("nobody_waits", site=slot["site"], programme=BOOSTER)
    owner = city.ask("family", people=[{"name": "赵先到", "relation": "self", "born": "1980-01-01"}])
    booked = city.ask("book_into", person=owner["people"][0], slot=slot["slot"])
    return {**slot, "owner": owner, "reference": booked["reference"]}


def waiting(city: City, full: dict[str, Any], name: str, minutes: int) -> dict[str, Any]:
    family: dict[str, Any] = city.ask("family", people=[{"name": name, "relation": "self", "born": "1985-05-01"}])
    city.ask("waits", person=family["people"][0], site=full["site"], minutes=minutes, programme=BOOSTER)
    return family


def offer_to(city: City, family: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = city.ask("place_offered", person=family["people"][0])
    return found


def gives_up(visitor: NewVisitor, city: City, full: dict[str, Any], *, javascript: bool) -> None:
    owner = visitor(family=full["owner"], javascript=javascript)
    owner.open(f"/appointments/{full['reference']}/cancel/")
    owner.tap(owner.button("确认取消"))
    city.ask("undo_is_over", reference=full["reference"])


def fits(citizen: Visitor) -> None:
    assert measure.wider_than_the_screen(citizen.page) == []


def test_a_citizen_waits_at_a_narrow_phone_and_takes_the_place_that_is_given_up(
    city: City, visitor: NewVisitor, javascript: bool, full: dict[str, Any]
) -> None:
    family = city.ask(
        "family",
        people=[
            {"name": "孙候补", "relation": "self", "born": "1985-05-01"},
            {"name": "孙小满", "relation": "child", "born": "1999-05-01"},
        ],
    )
    me = family["people"][0]
    citizen = visitor(family=family, javascript=javascript, width=320)
    citizen.open(f"/book/{me}/{BOOSTER}/{full['site']}/")
    fits(citizen)
    citizen.tap(citizen.link("有空号时通知我"))
    assert citizen.heading == "有空号时通知我"
    fits(citizen)
    citizen.pick(citizen.choice("上午"))
    citizen.tap(citizen.button("登记候补"))
    assert citizen.heading == "我的候补"
    assert "您排在最前面" in citizen.text
    fits(citizen)

    gives_up(visitor, city, full, javascript=javascript)
    offered = offer_to(city, family)
    assert "前回复 1 要、0 不要" in offered["words"]

    citizen.open(f"/waitlist/offers/{offered['offer']}/")
    assert citizen.heading == "有号了，轮到孙候补"
    fits(citizen)
    citizen.tap(citizen.button("要这个号"))
    assert citizen.heading == "约好了"
    fits(citizen)
    citizen.tap(citizen.link("看签到码"))
    assert city.ask("appointments", people=[me])[0][1:] == ["BOOKED", full["site"], str(full["slot"])]
    citizen.within(taps=5)


def test_the_link_in_the_message_leads_to_signing_in_and_then_to_the_offer(
    city: City, visitor: NewVisitor, full: dict[str, Any]
) -> None:
    family = waiting(city, full, "钱来了", 9)
    gives_up(visitor, city, full, javascript=False)
    path = f"/waitlist/offers/{offer_to(city, family)['offer']}/"

    stranger = visitor()
    stranger.open(path)

    assert stranger.path == "/sign-in/"
    assert f"next={path}" in stranger.page.url.replace("%2F", "/")


def test_whoever_is_late_sees_that_it_went_to_the_next_who_takes_it(
    city: City, visitor: NewVisitor, javascript: bool, full: dict[str, Any]
) -> None:
    first, second = waiting(city, full, "周迟到", 9), waiting(city, full, "吴第二", 8)
    gives_up(visitor, city, full, javascript=javascript)
    offered = offer_to(city, first)
    assert offer_to(city, second) is None
    late = visitor(family=first, javascript=javascript)
    late.open(f"/waitlist/offers/{offered['offer']}/")

    city.ask("answer_is_late", offer=offered["offer"])
    late.tap(late.button("要这个号"))
    assert late.heading == "答复的时间过了"
    assert "已经让给下一位。您的候补还在。" in late.text

    next_one = visitor(family=second, javascript=javascript)
    next_one.open("/")
    next_one.tap(next_one.link("去答复"))
    next_one.tap(next_one.button("要这个号"))
    assert next_one.heading == "约好了"
    late.open("/waitlist/")
    assert late.heading == "我的候补"
    assert "周迟到" in late.text
    late.unharmed()
    next_one.within(taps=2)


def test_whoever_does_not_want_it_lets_it_go(
    city: City, visitor: NewVisitor, javascript: bool, full: dict[str, Any]
) -> None:
    first, second = waiting(city, full, "郑不要", 9), waiting(city, full, "王下一", 8)
    gives_up(visitor, city, full, javascript=javascript)
    citizen = visitor(family=first, javascript=javascript, language="en")
    citizen.open(f"/waitlist/offers/{offer_to(city, first)['offer']}/")
    fits(citizen)

    citizen.tap(citizen.button("这次不要"))

    assert citizen.heading == citizen.say("这次不要")
    assert offer_to(city, second) is not None
    citizen.within(taps=1)
