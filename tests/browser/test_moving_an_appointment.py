"""Another time: the old one stays until the new one is sure."""

from tests.browser import ways
from tests.browser.city import City
from tests.browser.conftest import NewVisitor

CITIZEN = {"name": "吴桂英", "relation": "self", "born": "1970-10-10"}


def test_a_citizen_moves_an_appointment(city: City, visitor: NewVisitor, javascript: bool) -> None:
    family = city.ask("family", people=[CITIZEN])
    booked = city.ask("appointment", person=family["people"][0])
    [before] = city.ask("appointments", people=family["people"])
    citizen = visitor(family=family, javascript=javascript)
    citizen.open(f"/appointments/{booked['reference']}/")

    citizen.tap(citizen.link("改个时间"))
    ways.choose_time(citizen)
    assert city.ask("appointments", people=family["people"]) == [before]
    citizen.tap(citizen.button("确认改到这个时间"))

    assert citizen.heading == "时间改好了"
    [after] = city.ask("appointments", people=family["people"])
    assert after[:3] == before[:3]
    assert after[3] != before[3]
    citizen.within(taps=4)
