"""A plan is looked at, applied by the city's own worker, seen by citizens, and taken back."""

from tests.browser import bulk, ways
from tests.browser.city import City
from tests.browser.conftest import NewVisitor


def test_a_plan_is_applied_to_an_empty_day_citizens_see_the_places_and_the_undo_takes_them_back(
    city: City, administrator: NewVisitor, visitor: NewVisitor, javascript: bool
) -> None:
    place = city.ask("new_site", name="浏阳河口接种点")
    plan = city.ask("quota_plan", places=10, walk_in_percent=20)
    citizen = visitor()
    ways.open_until(citizen, f"/sites/{place['site']}/", "这个接种点两周内没有安排接种")
    office = administrator(javascript=javascript)
    office.open(f"/admin/booking/slot/calendar/?site={place['site']}&first={place['day']}")
    assert "这一周还没有号源" in office.text

    office.tap(office.link("套用模板"))
    office.pick_from("号源模板", plan["name"])
    office.enter("从哪天", place["day"])
    office.enter("到哪天", place["day"])
    bulk.look(office)

    assert bulk.counts(office)["新增时段"] == "4"
    assert bulk.cells(office)["浏阳河口接种点"] == ["4", "4"]
    assert "没有人会失去已约的号" in office.text
    assert city.ask("standing_slots", site=place["site"]) == []
    office.tap(office.page.locator(".change-confirm button"))
    bulk.wait_until_done(office, "已完成")
    assert "做完 1/1 个接种点" in office.text
    assert city.ask("standing_slots", site=place["site"]) == [
        [f"{place['day']} {at}", 8, 2, False] for at in ("09:00", "09:30", "10:00", "10:30")
    ]
    ways.open_until(citizen, f"/sites/{place['site']}/", "在这里预约")
    assert "09:00" in citizen.text

    office.tap(office.button("撤销：撤回 4 个时段"))
    bulk.wait_until_done(office, "已撤销")
    assert city.ask("standing_slots", site=place["site"]) == []
    ways.open_until(citizen, f"/sites/{place['site']}/", "这个接种点两周内没有安排接种")
    assert not office.faults, "\n".join(office.faults)
    citizen.unharmed()
