"""Somebody who has been here before is offered the likely thing first."""

from tests.browser import ways
from tests.browser.city import City
from tests.browser.conftest import NewVisitor

CITIZEN = {"name": "周敏", "relation": "self", "born": "1985-02-11"}


def test_a_returning_citizen_books_the_suggested_place_in_three_taps(
    city: City, visitor: NewVisitor, javascript: bool
) -> None:
    family = city.ask("family", people=[CITIZEN])
    before = city.ask("vaccinated", person=family["people"][0], programme="influenza", dose=1, days_ago=40)
    citizen = visitor(family=family, javascript=javascript)
    citizen.open("/")

    citizen.tap(citizen.button("约这个时间"))
    reference = ways.confirm(citizen)

    booked = city.ask("appointments", people=family["people"])[-1]
    assert booked[:3] == [reference, "BOOKED", before["site"]]
    citizen.within(taps=3)


def test_whose_second_dose_is_due_books_it_from_the_first_page_in_two_taps(
    city: City, visitor: NewVisitor, javascript: bool
) -> None:
    family = city.ask("family", people=[CITIZEN])
    before = city.ask("vaccinated", person=family["people"][0], programme="covid-booster", dose=1, days_ago=40)
    citizen = visitor(family=family, javascript=javascript)
    citizen.open("/")

    citizen.tap(citizen.link("就约这一剂"))
    citizen.tap(citizen.button("就约这个"))

    booked = city.ask("appointments", people=family["people"])[-1]
    assert booked[:3] == [ways.reference_on(citizen), "BOOKED", before["site"]]
    citizen.within(taps=2)


def test_a_citizen_who_is_signed_in_books_in_seven_taps(city: City, visitor: NewVisitor, javascript: bool) -> None:
    family = city.ask("family", people=[CITIZEN])
    citizen = visitor(family=family, javascript=javascript)
    citizen.open("/")

    citizen.tap(citizen.link("预约接种"))
    ways.choose(citizen, "周敏")
    ways.choose(citizen, "流感疫苗接种")
    ways.choose_first_site(citizen)
    ways.choose_time(citizen)
    reference = ways.confirm(citizen)

    assert [row[:2] for row in city.ask("appointments", people=family["people"])] == [[reference, "BOOKED"]]
    citizen.within(taps=7)


def test_going_back_to_the_check_and_confirming_again_books_once(city: City, visitor: NewVisitor) -> None:
    family = city.ask("family", people=[CITIZEN])
    place = city.ask("site_of")
    citizen = visitor(family=family)
    citizen.open(f"/book/{family['people'][0]}/influenza/{place['site']}/")
    ways.choose_time(citizen)
    ways.confirm(citizen)

    citizen.back()
    again = citizen.button("确认预约")
    if again.count():
        citizen.tap(again)

    assert [row[1] for row in city.ask("appointments", people=family["people"])] == ["BOOKED"]
