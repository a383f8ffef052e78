"""A list of three comes in as a file and is sent; the invited person books by the link, and nobody else does."""

import csv
import io
import re
import time
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser import ways
from tests.browser.city import City
from tests.browser.conftest import NewVisitor
from tests.browser.visitor import Visitor


def _file(*documents: str) -> bytes:
    """As a spreadsheet on a Chinese computer saves it."""
    text = io.StringIO()
    rows = [["居民身份证", number, f"1371234{n:04}", ""] for n, number in enumerate(documents, 6001)]
    csv.writer(text).writerows([["证件类型", "证件号码", "手机号", "短信语言"], *rows])
    return text.getvalue().encode("gb18030")


def _make_list(office: Visitor, programme: str, until: date) -> None:
    office.open("/admin/")
    office.tap(office.link("邀请名单"))
    office.tap(office.link("上传名单"))
    office.enter("名称", "桂花坪第一批")
    office.pick_from("接种项目", programme)
    office.enter("截止日期", until.isoformat())
    office.tap(office.button("下一步：上传文件"))


def _send(office: Visitor, content: bytes) -> None:
    office.page.get_by_label("文件", exact=True).set_input_files(
        {"name": "名单.csv", "mimeType": "text/csv", "buffer": content}
    )
    office.tap(office.button("上传并核对"))
    expect(office.page.locator(".import-state b")).to_have_text("待确认", timeout=30_000)
    office.tap(office.button("全部正确，导入 3 行"))
    expect(office.page.locator(".import-state b")).to_have_text("已完成", timeout=30_000)
    office.tap(office.link("回到名单"))


def _numbers(office: Visitor) -> dict[str, str]:
    names, figures = office.page.locator(".change-counts dt"), office.page.locator(".change-counts dd")
    return dict(zip(names.all_inner_texts(), figures.all_inner_texts(), strict=True))


def _link_in_the_message(city: City, document: str) -> str:
    deadline = time.monotonic() + 60
    while not (text := city.ask("invitation_message", document=document)):
        assert time.monotonic() < deadline, "nobody was told"
        time.sleep(0.5)
    [link] = re.findall(re.escape(city.address) + r"(/i/\S+/)", text)
    return str(link)


def _sign_in_and_add(citizen: Visitor, phone: str, document: str) -> None:
    citizen.tap(citizen.link("登录后预约"))
    ways.sign_in(citizen, phone)
    citizen.tap(citizen.link("添加接种人"))
    citizen.enter("证件号码", document)
    citizen.enter("姓名", "赵桂英")
    citizen.pick(citizen.choice("本人"))
    citizen.tap(citizen.button("保存"))


@pytest.fixture
def programme(city: City, javascript: bool) -> dict[str, Any]:
    name = "带状疱疹（甲）" if javascript else "带状疱疹（乙）"
    return {"name": name, **city.ask("by_invitation", name=name, name_en="Shingles")}


def test_a_list_is_sent_and_its_link_is_good_for_its_person_only(
    city: City, administrator: NewVisitor, visitor: NewVisitor, javascript: bool, programme: dict[str, Any]
) -> None:
    people = [city.ask("new_document", born=born) for born in ("1950-02-11", "1951-03-12", "1952-04-13")]
    office = administrator(javascript=javascript)
    _make_list(office, programme["name"], city.now().date() + timedelta(days=5))
    _send(office, _file(*people))

    assert _numbers(office)["名单里的人"] == "3"
    assert _numbers(office)["截止前能约到的空号"] == "80"
    office.tap(office.link("看三条样例"))
    assert "什么也没有发出" in office.text
    assert "137****600" in office.text
    office.back()
    office.tap(office.link("发出邀请"))
    office.tap(office.button("发出 3 人的邀请"))
    expect(office.page.locator("#state-label")).to_have_text("已发出", timeout=60_000)

    link = _link_in_the_message(city, people[0])
    citizen = visitor(javascript=javascript)
    citizen.open(link)
    assert citizen.heading == "邀请您来预约"
    assert programme["name"] in citizen.text
    _sign_in_and_add(citizen, "13712346001" if javascript else "13712346101", people[0])
    if citizen.path != link:
        citizen.open(link)
    citizen.tap(citizen.link("去选接种点"))
    ways.choose_first_site(citizen)
    ways.take_earliest(citizen)
    ways.confirm(citizen)

    stranger = visitor(
        family=city.ask("family", people=[{"name": "郑快", "relation": "self", "born": "1990-01-01"}]),
        javascript=javascript,
    )
    unused = _link_in_the_message(city, people[1])
    stranger.open(unused)
    assert "您的“家人”里没有收到这个邀请的人。" in stranger.text
    assert stranger.link("去选接种点").count() == 0
    for who in (citizen, stranger):
        who.open(link)
        assert who.heading == "这个邀请已经用过了"

    office.page.reload()
    assert (_numbers(office)["打开过"], _numbers(office)["约上了"], _numbers(office)["还没约"]) == ("1", "1", "2")
    citizen.unharmed()
    assert not office.faults, "\n".join(office.faults)
