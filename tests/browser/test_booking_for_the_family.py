"""Booking for somebody else: always clear for whom."""

from tests.browser import ways
from tests.browser.city import City
from tests.browser.conftest import NewVisitor

DAUGHTER = {"name": "李佳怡", "relation": "self", "born": "1994-05-08"}
MOTHER = {"name": "王秀兰", "relation": "parent", "born": "1963-05-08"}


def test_a_daughter_books_for_her_mother(city: City, visitor: NewVisitor, javascript: bool) -> None:
    family = city.ask("family", people=[DAUGHTER, MOTHER])
    daughter = visitor(family=family, javascript=javascript)
    daughter.open("/")

    daughter.tap(daughter.link("预约接种"))
    ways.choose(daughter, "王秀兰")
    for step in (lambda: ways.choose(daughter, "流感疫苗接种"), lambda: ways.choose_first_site(daughter)):
        assert "王秀兰" in daughter.text
        step()
    ways.take_earliest(daughter)
    assert "王秀兰" in daughter.text
    reference = ways.confirm(daughter)

    assert "王秀兰" in daughter.text
    assert city.ask("appointments", people=family["people"][:1]) == []
    assert [row[:2] for row in city.ask("appointments", people=family["people"][1:])] == [[reference, "BOOKED"]]
    daughter.within(taps=7)


def test_a_daughter_books_for_both_at_once(city: City, visitor: NewVisitor, javascript: bool) -> None:
    family = city.ask("family", people=[DAUGHTER, MOTHER])
    daughter = visitor(family=family, javascript=javascript)
    daughter.open("/book/")

    daughter.pick_open(daughter.page.locator("summary", has_text="为几个人一起约"))
    for person in family["people"]:
        daughter.pick(daughter.page.locator(f"input[value='{person}']"))
    daughter.tap(daughter.button("一起约"))
    ways.choose(daughter, "流感疫苗接种")
    ways.choose_first_site(daughter)
    ways.take_earliest(daughter)
    daughter.tap(daughter.button("确认预约"))

    booked = city.ask("appointments", people=family["people"])
    assert [row[1] for row in booked] == ["BOOKED", "BOOKED"]
    assert len({row[0] for row in booked}) == 2
    daughter.within(taps=8)
