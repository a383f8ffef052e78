"""The network goes in the middle of a day: the desk goes on, and everything is on the server once."""

from typing import Any

from playwright.sync_api import expect

from tests.browser.city import City
from tests.browser.conftest import NewDevice
from tests.browser.desk_device import Device
from tests.browser.desk_visits import all_no, give, go

# A list that others have changed is fetched within this time.
SOON = 20_000
EVERYTHING = ("registration", "screening", "vaccination", "observation")
MAY = {"said_yes": [], "decision": "may", "deferred_until": None, "note": ""}
DOSE = {"body_site": "left_arm", "route": "intramuscular", "lift": [], "lift_reason": ""}


def test_what_is_done_without_the_network_is_on_the_server_once(
    city: City, at_work: NewDevice, desk_day: dict[str, Any]
) -> None:
    served, observed, comes = desk_day["people"][:3]
    desk = at_work(EVERYTHING, station="接种")
    page = desk.page
    desk.scan(served["code"])
    expect(desk.heading("签到成功")).to_be_visible()
    dose = {
        "batch": desk_day["batch"],
        "body_site": "left_arm",
        "route": "intramuscular",
        "lift": [],
        "lift_reason": "",
    }
    for kind, data in (("check_in", {"how": "list"}), ("answer", MAY), ("vaccinate", dose)):
        assert desk.act(kind, observed["reference"], **data)["outcome"] == "done"
    city.ask("minutes_pass", reference=observed["reference"], minutes=31)
    go(page, "observe")
    expect(page.locator(".watched")).to_contain_text("可以离开", timeout=SOON)

    desk.context.set_offline(True)
    go(page, "ask", served["reference"])
    all_no(page)
    page.get_by_role("button", name="可以接种").click()
    page.get_by_role("button", name="现在接种").click()
    give(page, served["name"], desk_day["box"])
    expect(desk.heading("已接种")).to_be_visible()
    go(page, "observe")
    expect(page.locator(".watched")).to_have_count(2)
    page.get_by_role("button", name=f"A002 {observed['name']} 离开").click()
    expect(page.locator(".watched")).to_have_count(1)
    expect(page.locator(".watched")).to_contain_text("还要 30 分钟")
    desk.scan(comes["code"])
    expect(desk.heading("先登记")).to_be_visible()
    expect(page.locator(".connection")).to_have_text("离线 · 4 条待传")
    assert city.ask("times_in_the_books", reference=comes["reference"])["visits"] == 0
    assert city.ask("visit_of", reference=served["reference"])["records"] == []
    page.reload()
    expect(page.locator(".connection")).to_have_text("离线 · 4 条待传")
    go(page, "observe")
    page.get_by_role("button", name=f"提前离开：{served['name']}").click()
    page.get_by_role("button", name="家有急事").click()
    page.get_by_role("button", name="记下并放行").click()
    expect(page.get_by_text("现在没有人在留观")).to_be_visible()

    desk.context.set_offline(False)
    desk.wait_until_sent()
    go(page, "queue")
    expect(page.get_by_text("没有待传的，也没有要处理的。")).to_be_visible()
    books = {who["reference"]: city.ask("times_in_the_books", reference=who["reference"]) for who in (served, observed)}
    once = {"check_in": 1, "answer": 1, "vaccinate": 1, "leave": 1}
    assert list(books.values()) == [{"acts": once, "visits": 1, "status": "FULFILLED"}] * 2
    assert city.ask("times_in_the_books", reference=comes["reference"]) == {
        "acts": {"check_in": 1}, "visits": 1, "status": "CHECKED_IN",
    }  # fmt: skip
    for who, early in ((served, "家有急事"), (observed, "")):
        come_to = city.ask("visit_of", reference=who["reference"])
        assert (come_to["visit"], come_to["left_early"]) == ("FINISHED", early)
        assert come_to["records"] == [["COMPLETED", desk_day["batch"], "left_arm", "", ""]]
        assert come_to["stock"] == [[desk_day["batch"], -1]]
    assert city.ask("movements", site=desk_day["site"])[desk_day["batch"]]["left"] == 98
    assert {row[2] for row in city.ask("desk_acts", site=desk_day["site"])} == {"done"}
    assert city.ask("devices", site=desk_day["site"])[0][0] == 0


def test_what_contradicts_is_answered_by_the_supervisor_before_the_day_can_be_closed(
    city: City, at_work: NewDevice, desk_day: dict[str, Any]
) -> None:
    person = desk_day["people"][0]
    desk, head = at_work(EVERYTHING, station="接种"), at_work(("supervisor",))
    desk.context.set_offline(True)
    desk.scan(person["code"])
    expect(desk.heading("先登记")).to_be_visible()
    city.ask("give_up", reference=person["reference"])
    _served(desk, person, desk_day["box"])

    desk.context.set_offline(False)
    expect(desk.page.locator(".connection")).to_have_text("在线 · 1 条要处理", timeout=30_000)
    come_to = city.ask("visit_of", reference=person["reference"])
    assert (come_to["appointment"], come_to["visit"], len(come_to["records"])) == ("FULFILLED", "FINISHED", 1)

    go(head.page, "close")
    expect(head.page.get_by_text("1 条有出入没处理")).to_be_visible(timeout=SOON)
    expect(head.page.get_by_role("button", name="日结", exact=True)).to_be_disabled()
    head.page.get_by_role("button", name="去看看").click()
    expect(head.page.get_by_text("断网期间这次预约取消了")).to_be_visible(timeout=SOON)
    head.page.get_by_role("button", name="处理这条").click()
    head.page.get_by_role("radio", name="已恢复预约").check()
    head.page.get_by_role("button", name="记下处理").click()
    expect(head.page.get_by_text("没有待传的，也没有要处理的。")).to_be_visible()

    # Whoever is no supervisor says that they have told one.
    go(desk.page, "queue")
    desk.page.get_by_role("button", name="处理这条").click()
    desk.page.get_by_role("button", name="已告诉值班长").click()
    desk.wait_until_sent()

    go(head.page, "close")
    expect(head.page.get_by_text("人都走了，记录都齐了。")).to_be_visible(timeout=SOON)
    head.page.get_by_label("实际剩几剂").fill("99")
    head.page.get_by_role("button", name="日结", exact=True).click()
    expect(head.page.get_by_text("账上和清点的一样。")).to_be_visible()
    head.page.get_by_role("dialog").get_by_role("button", name="日结").click()
    expect(head.page.get_by_text("由 刘敏 日结。")).to_be_visible(timeout=SOON)


def _served(desk: Device, person: dict[str, str], box: str) -> None:
    """Asked, vaccinated and gone, at the desk that is in no network."""
    page = desk.page
    page.get_by_role("button", name="核对身份证，继续").click()
    all_no(page)
    page.get_by_role("button", name="可以接种").click()
    page.get_by_role("button", name="现在接种").click()
    give(page, person["name"], box)
    expect(desk.heading("已接种")).to_be_visible()
    go(page, "observe")
    page.get_by_role("button", name=f"提前离开：{person['name']}").click()
    page.get_by_role("button", name="坚持要走").click()
    page.get_by_role("button", name="记下并放行").click()
    expect(page.get_by_text("现在没有人在留观")).to_be_visible()
