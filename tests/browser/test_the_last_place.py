"""Two people want the same last place."""

from tests.browser import ways
from tests.browser.city import City
from tests.browser.conftest import NewVisitor


def test_the_one_who_is_late_keeps_everything_and_is_offered_the_nearest(
    city: City, visitor: NewVisitor, javascript: bool
) -> None:
    place = city.ask("last_place")
    families = {
        who: city.ask("family", people=[{"name": name, "relation": "self", "born": "1979-04-02"}])
        for who, name in (("early", "赵静"), ("late", "孙燕"))
    }
    early, late = (visitor(family=families[who], javascript=javascript) for who in ("early", "late"))
    for who, citizen in (("early", early), ("late", late)):
        person = families[who]["people"][0]
        citizen.open(f"/book/{person}/influenza/{place['site']}/?day={place['day']}")

    # Both have the place in front of them; one is a moment quicker.
    ways.choose_time(early, place["slot"])
    ways.choose_time(late, place["slot"])

    assert late.say("这个时间刚刚被约走了。离它最近的空号：") in late.text
    assert "孙燕" in late.text
    ways.confirm(early)
    late.tap(late.page.locator("#errors button[name=slot]").first)
    assert late.heading == "核对一下"
    ways.confirm(late)

    [theirs] = city.ask("appointments", people=families["early"]["people"])
    [others] = city.ask("appointments", people=families["late"]["people"])
    assert theirs[3] == str(place["slot"])
    assert others[1] == "BOOKED"
    assert others[2:] != theirs[2:]
    early.within(taps=3)
    late.within(taps=4)
