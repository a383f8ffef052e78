"""What waits to be sent: over midnight, at another site, in a file, and what of it stays sealed."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Route, expect

from tests.browser.city import City
from tests.browser.conftest import NewDevice

ACTS, DAY_LIST = "**/api/v1/desk/acts", "**/api/v1/desk/day-list?*"


def _tomorrow(route: Route) -> None:
    """The server's answer as it will be tomorrow."""
    answer = route.fetch()
    said = answer.json()
    now = datetime.fromisoformat(said["now"]) + timedelta(days=1)
    said |= {"now": now.isoformat(), "date": now.date().isoformat()}
    route.fulfill(response=answer, json=said)


def test_when_another_day_has_begun_the_old_list_is_put_away_and_the_new_one_asked_for(
    city: City, at_work: NewDevice, desk_day: dict[str, Any]
) -> None:
    device = at_work()
    device.page.route(ACTS, lambda route: route.abort())
    device.scan(desk_day["people"][0]["code"])
    expect(device.page.locator(".connection")).to_contain_text("1 条待传")

    device.page.route(DAY_LIST, _tomorrow)
    expect(device.heading("新的一天开始了")).to_be_visible(timeout=60_000)
    expect(device.page.get_by_text("先把昨天的 1 条传完")).to_be_visible()
    expect(device.page.get_by_text(desk_day["people"][1]["name"])).to_have_count(0)
    device.scan(desk_day["people"][1]["code"])
    device.page.wait_for_timeout(500)
    assert device.knows("pending") == 1

    device.page.unroute(ACTS)
    expect(device.heading("开始当班")).to_be_visible(timeout=60_000)
    assert city.ask("desk_acts", site=desk_day["site"]) == [
        ["check_in", desk_day["people"][0]["reference"], "done", True]
    ]
    assert device.stored() == {"rows": 0, "acts": 0, "conflicts": 0}


def test_a_clock_alone_deletes_no_list(at_work: NewDevice, desk_day: dict[str, Any]) -> None:
    device = at_work()
    device.context.set_offline(True)
    device.page.clock.install(time=datetime.now() + timedelta(days=1))
    expect(device.heading("新的一天开始了")).to_be_visible(timeout=60_000)
    expect(device.page.get_by_text("联网后才能取今天的名单")).to_be_visible()

    device.context.set_offline(False)

    expect(device.page.locator(".counters")).to_contain_text("0 / 5", timeout=60_000)


def test_the_site_is_not_changed_while_something_of_it_waits(
    city: City, at_work: NewDevice, desk_day: dict[str, Any]
) -> None:
    device, other = at_work(), city.ask("desk_day", people=1)
    city.ask("post_at", person=device.knows("shift")["user"]["id"], site=other["site"], role="registration")
    device.page.route(ACTS, lambda route: route.abort())
    device.scan(desk_day["people"][0]["code"])
    expect(device.page.locator(".connection")).to_contain_text("1 条待传")

    device.open("#/shift")
    device.page.locator(f"input[name=site][value='{other['site']}']").check()
    device.page.get_by_label("四位解锁数字").fill("2580")
    device.page.get_by_role("button", name="换到这里").click()

    expect(device.page.get_by_text("还有 1 条待传，传完才能换接种点")).to_be_visible()
    assert device.knows("shift")["site"]["code"] == desk_day["site"]
    device.page.unroute(ACTS)
    device.wait_until_sent()
    assert [row[2] for row in city.ask("desk_acts", site=desk_day["site"])] == ["done"]


def test_the_file_of_what_waits_names_nobody_and_says_nothing_about_health(
    at_work: NewDevice, desk_day: dict[str, Any], tmp_path: Path
) -> None:
    device, person = at_work(roles=("supervisor",)), desk_day["people"][0]
    device.context.set_offline(True)
    device.act("check_in", person["reference"], how="list")
    device.act(
        "answer",
        person["reference"],
        said_yes=["pregnancy"],
        decision="defer",
        deferred_until="2030-01-01",
        note="怀孕",
    )
    device.open("#/queue")
    device.page.get_by_role("button", name="存成文件").click()
    with device.page.expect_download() as saved:
        device.page.get_by_role("dialog").get_by_role("button", name="存成文件").click()
    saved.value.save_as(tmp_path / "queue.json")

    text = (tmp_path / "queue.json").read_text(encoding="utf-8")
    assert person["reference"] in text
    for word in (person["name"], "刘敏", "怀孕", "pregnancy", "defer", "2030"):
        assert word not in text


def test_a_supervisor_opens_what_an_act_keeps_sealed_and_is_told_that_it_leaves_a_trace(
    city: City, at_work: NewDevice, desk_day: dict[str, Any]
) -> None:
    device, person = at_work(roles=("supervisor",)), desk_day["people"][0]
    device.context.set_offline(True)
    # No visit is there to write the answers into: the appointment was cancelled meanwhile.
    device.act("answer", person["reference"], said_yes=["fever"], decision="may", deferred_until=None, note="低烧已退")
    city.ask("give_up", reference=person["reference"])
    device.context.set_offline(False)
    expect(device.page.locator(".connection")).to_have_text("在线 · 1 条要处理", timeout=30_000)

    device.open("#/queue")
    device.page.get_by_role("button", name="处理这条").click()
    expect(device.page.get_by_text("谁什么时候看过，会记下来")).to_be_visible()
    expect(device.page.get_by_text("低烧已退")).to_have_count(0)
    device.page.get_by_role("button", name="打开看，并留下记录").click()

    expect(device.page.get_by_text("低烧已退")).to_be_visible()
    expect(device.page.get_by_text("您现在发热，或者有急性病吗？")).to_be_visible()
