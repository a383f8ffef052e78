"""A draw from its announcement to the place at the door, and to the line that anybody can check."""

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser import ways
from tests.browser.city import City
from tests.browser.conftest import NewVisitor
from tests.browser.visitor import Visitor

_VALUE = "3387.46"


@pytest.fixture
def places(city: City) -> dict[str, Any]:
    """One place at each of two sites, on one day."""
    return city.ask("drawn_places", places=1, sites=2)  # type: ignore[no-any-return]


def announce(office: Visitor, places: dict[str, Any], name: str, opens: datetime) -> None:
    """The form, the look, the confirmation."""
    closes = opens + timedelta(days=2)
    page = office.page
    page.locator("#id_programme").select_option(str(places["programme"]))
    typed = {
        "name": name, "name_en": "HPV draw", "opens_at_0": f"{opens:%Y-%m-%d}", "opens_at_1": f"{opens:%H:%M}",
        "closes_at_0": f"{closes:%Y-%m-%d}", "closes_at_1": f"{closes:%H:%M}", "first_day": places["first"],
        "last_day": places["last"], "public_source": "上证指数截止次日收盘点位",
        "public_source_en": "SSE Composite, close of the day after entry closes",
    }  # fmt: skip
    for field, text in typed.items():
        page.locator(f"#id_{field}").fill(text)
    office.tap(office.button("先看看会涉及什么"))
    expect(page.get_by_role("row", name=places["names"][0])).to_be_visible()
    office.tap(office.button("公布，不能再改"))
    assert "已公布" in page.locator(".messagelist").inner_text()


def test_a_draw_from_the_announcement_to_the_checked_file(
    city: City, places: dict[str, Any], administrator: NewVisitor, visitor: NewVisitor, tmp_path: Path
) -> None:
    office = administrator()
    office.open("/admin/booking/draw/announce/")
    name = f"摇号 {places['code']}"
    announce(office, places, name, city.now() + timedelta(minutes=20))
    draw = city.ask("draw_of", programme=places["programme"])
    families = [
        city.ask("family", people=[{"name": who, "relation": "self", "born": "1990-05-05"}])
        for who in ("王秀兰", "李建国")
    ]
    quick, plain = visitor(family=families[0]), visitor(family=families[1], javascript=False)
    quick.open(f"/draws/{draw}/")
    assert "还没开始登记" in quick.text

    city.ask("draw_opens", draw=draw)
    site = places["names"][0]
    codes = {}
    for citizen, who in ((quick, "王秀兰"), (plain, "李建国")):
        # A new programme is known to every process after some seconds.
        ways.open_until_row(citizen, f"/draws/{draw}/", who)
        assert "正在登记" in citizen.text
        citizen.taps = 0
        codes[who] = _enter_here(citizen, who, site)
    # Whoever takes what comes has it in three; here a site was looked for, added, and the tick taken away.
    assert quick.taps <= 6

    office.open(f"/admin/booking/draw/{draw}/show/")
    office.tap(office.page.get_by_role("link", name="演练", exact=True))
    assert office.page.locator(".change-counts .acts dd").all_inner_texts() == ["1", "1"]

    city.ask("draw_closes", draw=draw)
    office.open(f"/admin/booking/draw/{draw}/show/")
    for field in ("value", "again"):
        office.page.locator(f"#id_{field}").fill(_VALUE)
    office.tap(office.button("先核对"))
    assert office.page.locator(".draw-value").inner_text() == _VALUE
    office.tap(office.button("就是这个数值，开始摇号"))
    expect(office.page.locator(".change-state")).to_contain_text("已摇号", timeout=90_000)
    expect(office.page.locator(".change-counts").first).to_contain_text("已约好")

    entries = city.ask("entries", draw=draw)
    people = {family["people"][0]: citizen for family, citizen in zip(families, (quick, plain), strict=True)}
    [(winner, won)] = [(people[who], one) for who, one in entries.items() if one["reference"]]
    [(loser, lost)] = [(people[who], one) for who, one in entries.items() if not one["reference"]]
    winner.open("/draws/")
    winner.tap(winner.link("中签，已约好"))
    assert winner.heading == "中签，约好了"
    winner.tap(winner.link("看签到码"))
    expect(winner.page.get_by_role("img", name="签到二维码")).to_be_visible()
    assert ways.reference_on(winner) == won["reference"]
    loser.open(f"/draws/entries/{lost['entry']}/")
    assert loser.heading == "未中签"
    assert "有下一轮时，您的登记自动带过去" in loser.text

    anybody = visitor()
    _find_line(anybody, draw, won["code"].lower(), "第 1 位，中签")
    _find_line(anybody, draw, codes["王秀兰" if loser is quick else "李建国"], "第 2 位，未中签")
    _check_the_file(anybody, draw, won["code"], tmp_path)

    office.tap(office.link("公布下一轮"))
    assert "没中签的 1 人自动登记到这一轮" in office.page.locator("#content").inner_text()
    for somebody in (office, quick, plain, anybody):
        assert not somebody.faults, "\n".join(somebody.faults)


def test_somebody_who_takes_what_comes_is_in_it_after_three_taps(
    city: City, places: dict[str, Any], visitor: NewVisitor, javascript: bool
) -> None:
    draw = city.ask("draw", **places)
    family = city.ask("family", people=[{"name": "谭静", "relation": "self", "born": "1988-04-04"}])
    citizen = visitor(family=family, javascript=javascript)
    ways.open_until(citizen, f"/draws/{draw}/", "可以登记")
    citizen.views.clear()

    ways.choose(citizen, "谭静")
    citizen.tap(citizen.button("下一步"))
    citizen.tap(citizen.button("确认登记"))

    assert citizen.heading == "登记好了"
    citizen.within(taps=3)
    citizen.tap(citizen.link("退出摇号"))
    citizen.tap(citizen.button("确认退出摇号"))
    assert citizen.heading == "已退出摇号"
    assert city.ask("entries", draw=draw)[family["people"][0]]["reference"] is None


def test_sites_are_put_in_order_without_a_script_and_enter_in_the_field_looks_for_one(
    city: City, places: dict[str, Any], visitor: NewVisitor, javascript: bool
) -> None:
    draw = city.ask("draw", **places)
    family = city.ask("family", people=[{"name": "谭静", "relation": "self", "born": "1988-04-04"}])
    citizen = visitor(family=family, javascript=javascript)
    first, second = places["names"]
    address = f"/draws/{draw}/enter/{family['people'][0]}/"
    ways.open_until(citizen, f"{address}?any=1&act=find", second)
    citizen.open(address)
    citizen.pick_open(citizen.page.locator("summary"))
    for name in (first, second):
        found = citizen.page.get_by_role("button", name=f"加上 {name}")
        citizen.page.locator("#text").fill(name)
        with citizen.page.expect_navigation(wait_until="load"):
            citizen.page.locator("#text").press("Enter")
        # Each process keeps the list of sites for some seconds.
        ways.reload_until(citizen, lambda found=found: found.count() == 1)
        # To look for the same again brings no new page, and must not lock this one.
        citizen.page.locator("#text").press("Enter")
        citizen.page.wait_for_timeout(1500)
        citizen.tap(found)
    assert citizen.page.locator(".wishes b").all_inner_texts() == [f"1. {first}", f"2. {second}"]

    citizen.tap(citizen.page.get_by_role("button", name=f"往前移 {second}"))
    assert citizen.page.locator(".wishes b").all_inner_texts() == [f"1. {second}", f"2. {first}"]
    citizen.tap(citizen.page.get_by_role("button", name=f"去掉 {first}"))
    citizen.tap(citizen.button("下一步"))
    citizen.tap(citizen.button("确认登记"))

    [entry] = city.ask("entries", draw=draw).values()
    assert entry["sites"] == [places["sites"][1]]
    assert not citizen.faults, "\n".join(citizen.faults)


def _enter_here(citizen: Visitor, who: str, site: str) -> str:
    """From the draw's page, for this site only; returns the code."""
    ways.choose(citizen, who)
    citizen.pick_open(citizen.page.locator("summary"))
    citizen.page.locator("#district").select_option("")
    citizen.page.locator("#text").fill(site)
    citizen.tap(citizen.button("查找"))
    citizen.tap(citizen.page.get_by_role("button", name=f"加上 {site}"))
    citizen.page.get_by_label("服从调剂").uncheck()
    citizen.tap(citizen.button("下一步"))
    citizen.tap(citizen.button("确认登记"))
    assert citizen.heading == "登记好了"
    return citizen.page.locator(".entry-code").inner_text()


def _find_line(anybody: Visitor, draw: str, code: str, said: str) -> None:
    anybody.open(f"/draws/{draw}/result/")
    anybody.enter("登记号", code)
    anybody.tap(anybody.button("查"))
    assert said in anybody.text
    assert code.replace(" ", "").lower() not in anybody.page.url.lower()


def _check_the_file(anybody: Visitor, draw: str, code: str, folder: Path) -> None:
    """Both files as a browser downloads them, and the one run over the other."""
    saved = {}
    for text in ("下载结果文件", "下载核对程序"):
        with anybody.page.expect_download() as coming:
            anybody.link(text).click()
        saved[text] = folder / coming.value.suggested_filename
        coming.value.save_as(saved[text])
    command = [sys.executable, str(saved["下载核对程序"]), str(saved["下载结果文件"]), "--code", code]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "核对无误" in done.stdout
    assert "rank 1," in done.stdout
    spoilt = folder / "spoilt.jsonl"
    spoilt.write_bytes(saved["下载结果文件"].read_bytes().replace(_VALUE.encode(), b"3387.47"))
    refused = subprocess.run([*command[:2], str(spoilt)], capture_output=True, text=True, cwd=folder, timeout=60)
    assert refused.returncode != 0
