"""The queue of a release: set by an administrator, stood in by citizens, and no way round it."""

from datetime import timedelta
from typing import Any

from tests.browser import measure, ways
from tests.browser.city import City
from tests.browser.conftest import NewVisitor
from tests.browser.visitor import Visitor

# Long enough for an administrator to set the queue and a citizen to come, on a machine with much else to do.
_AHEAD = timedelta(seconds=75)
_PATIENCE = 120_000


def _family(city: City, name: str) -> dict[str, Any]:
    return dict(city.ask("family", people=[{"name": name, "relation": "self", "born": "1991-03-08"}]))


def _times(family: dict[str, Any], programme: str, place: dict[str, Any]) -> str:
    return f"/book/{family['people'][0]}/{programme}/{place['site']}/?day={place['day']}"


def _set_queue(office: Visitor) -> None:
    office.open("/admin/booking/releasequeue/new/")
    # The next release of all is the one that this journey made.
    office.tap(office.button("先看看要排多久"))
    assert "300000" in office.text.replace(",", "")
    office.tap(office.button("就这样设"))
    assert not office.faults, "\n".join(office.faults)


def test_an_administrator_sets_a_queue_and_a_citizen_stands_in_it_and_books(
    city: City, administrator: NewVisitor, visitor: NewVisitor
) -> None:
    programme, place = city.ask("programme", name="九价疫苗"), city.ask("new_site", name="放号排队接种点")
    opens = (city.now() + _AHEAD).replace(microsecond=0)
    slot = city.ask("slot", site=place["site"], programme=programme, day=place["day"], quota=5, opens=opens.isoformat())
    _set_queue(administrator())
    family = _family(city, "何静")
    citizen = visitor(family=family)
    times = _times(family, programme, place)
    ways.open_until(citizen, times, "正在排队", seconds=30)

    citizen.tap(citizen.link("去排队"))

    assert citizen.heading == "排队约 九价疫苗"
    citizen.page.get_by_text("已排上。").first.wait_for(timeout=_PATIENCE)
    assert "不用刷新，不会丢掉位置。" in citizen.text
    # When it is their turn they are led back to what they had chosen.
    citizen.page.wait_for_url(f"**{times.split('?')[0]}**", timeout=_PATIENCE)
    citizen.page.wait_for_load_state("load")
    ways.open_until(citizen, times, "还剩", seconds=30)
    ways.choose_time(citizen, slot)
    ways.confirm(citizen)
    [booked] = city.ask("appointments", people=family["people"])
    assert booked[3] == str(slot)


def test_a_deep_link_leads_to_the_queue_first_and_back_to_the_same_choice(
    city: City, visitor: NewVisitor, javascript: bool
) -> None:
    release = city.ask("release_with_queue", people_a_minute=5)
    family = _family(city, "唐敏")
    citizen = visitor(family=family, javascript=javascript)
    times = _times(family, release["programme"], release)
    ways.open_until(citizen, times, "还剩", seconds=30)

    ways.choose_time(citizen)

    if javascript:
        # Nobody is ahead: they join, are let in, and are back.
        citizen.page.wait_for_url(f"**{times.split('?')[0]}**", timeout=_PATIENCE)
        citizen.page.wait_for_load_state("load")
    else:
        assert citizen.path == f"/queue/{release['queue']}/"
        citizen.tap(citizen.link("去排队"))
        citizen.tap(citizen.button("排队"))
        assert "轮到了，可以去约。" in citizen.text
        citizen.tap(citizen.link("去约"))
    assert citizen.path == times.split("?")[0]
    ways.choose_time(citizen)
    ways.confirm(citizen)
    assert len(city.ask("appointments", people=family["people"])) == 1


def test_who_waits_sees_how_many_are_ahead_on_the_smallest_screen_in_the_largest_text(
    city: City, visitor: NewVisitor
) -> None:
    release = city.ask("release_with_queue", people_a_minute=5, early=1240)
    citizen = visitor(family=_family(city, "龙秀英"), text_size="largest", width=320, height=640)

    citizen.open(f"/queue/{release['queue']}/")
    citizen.page.get_by_text("前面约").first.wait_for(timeout=_PATIENCE)

    assert "人，约" in citizen.text
    assert measure.wider_than_the_screen(citizen.page) == []
    assert measure.axe_violations(citizen.page) == []
    assert not citizen.faults, "\n".join(citizen.faults)
