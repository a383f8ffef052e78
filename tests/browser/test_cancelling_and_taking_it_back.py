"""Cancelling is asked once more, done at once, and can be taken back."""

from tests.browser.city import City
from tests.browser.conftest import NewVisitor

GRANDMOTHER = {"name": "王秀兰", "relation": "self", "born": "1958-03-14"}


def test_a_citizen_cancels_and_takes_it_back(city: City, visitor: NewVisitor, javascript: bool) -> None:
    family = city.ask("family", people=[GRANDMOTHER])
    booked = city.ask("appointment", person=family["people"][0])
    citizen = visitor(family=family, javascript=javascript)
    citizen.open(f"/appointments/{booked['reference']}/")

    citizen.tap(citizen.link("取消预约"))
    assert citizen.heading == "取消这次预约吗？"
    citizen.pick(citizen.page.get_by_label("身体不舒服"))
    citizen.tap(citizen.button("确认取消"))
    assert citizen.heading == "已取消"
    assert city.ask("appointments", people=family["people"])[0][:2] == [booked["reference"], "CANCELLED"]

    citizen.tap(citizen.button("恢复预约"))
    assert citizen.heading == "已恢复预约"
    assert city.ask("appointments", people=family["people"])[0][:2] == [booked["reference"], "BOOKED"]
    citizen.within(taps=4)


def test_a_citizen_thinks_better_of_cancelling(city: City, visitor: NewVisitor, javascript: bool) -> None:
    family = city.ask("family", people=[GRANDMOTHER])
    booked = city.ask("appointment", person=family["people"][0])
    citizen = visitor(family=family, javascript=javascript)
    citizen.open(f"/appointments/{booked['reference']}/cancel/")

    citizen.tap(citizen.link("不取消了"))

    assert citizen.path == f"/appointments/{booked['reference']}/"
    assert city.ask("appointments", people=family["people"])[0][:2] == [booked["reference"], "BOOKED"]
    citizen.within(taps=1)


def test_going_back_after_cancelling_cancels_nothing_twice(city: City, visitor: NewVisitor) -> None:
    family = city.ask("family", people=[GRANDMOTHER])
    booked = city.ask("appointment", person=family["people"][0])
    citizen = visitor(family=family)
    citizen.open(f"/appointments/{booked['reference']}/cancel/")
    citizen.tap(citizen.button("确认取消"))

    citizen.back()

    assert city.ask("appointments", people=family["people"])[0][:2] == [booked["reference"], "CANCELLED"]
    assert citizen.page.locator("h1").count() == 1
