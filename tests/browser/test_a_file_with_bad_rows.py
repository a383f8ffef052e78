"""A file from a spreadsheet with some rows that are wrong: they are named, the others come in."""

import csv
import io
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.city import City
from tests.browser.conftest import NewVisitor
from tests.browser.visitor import Visitor

_HEADINGS = ["编号", "名称", "英文名称", "区县代码", "街道", "经度", "纬度", "每半小时能打几人"]


def _file(prefix: str) -> bytes:
    """Three good rows and five bad ones, as a spreadsheet on a Chinese computer saves them."""
    good = ["430102", "文艺路街道", "112.99", "28.19", "20"]
    rows = [
        [f"{prefix}1", "东风广场接种点", "Dongfeng", *good],
        [f"{prefix}2", "韭菜园接种点", "Jiucaiyuan", "999999", *good[1:]],
        [f"{prefix}3", "湘湖接种点", "Xianghu", "430102", "湘湖街道", "东经一百一十三度", "28.2", "20"],
        [f"{prefix}4", "定王台接种点", "Dingwangtai", "430102", "", "112.98", "28.19", "20"],
        [f"{prefix}1", "又一个东风广场", "Dongfeng again", *good],
        [f"{prefix}6", "火星接种点", "Huoxing", *good[:4], "二十"],
        [f"{prefix}7", "马王堆接种点", "Mawangdui", *good],
        [f"{prefix}8", "荷花园接种点", "Hehuayuan", *good],
    ]
    text = io.StringIO()
    csv.writer(text).writerows([_HEADINGS, *rows])
    return text.getvalue().encode("gb18030")


def _wait_for(office: Visitor, state: str) -> None:
    expect(office.page.locator(".import-state b")).to_have_text(state, timeout=20_000)


def _counts(office: Visitor) -> list[str]:
    return office.page.locator(".import-counts li b").all_inner_texts()


def test_bad_rows_are_shown_with_their_number_field_and_reason_and_the_good_ones_come_in(
    city: City, administrator: NewVisitor, javascript: bool, tmp_path: Path
) -> None:
    prefix = "SCRIPTED-" if javascript else "PLAIN-"
    office = administrator(javascript=javascript)
    office.open("/admin/booking/importrun/new/?kind=sites")
    office.page.get_by_label("文件", exact=True).set_input_files(
        {"name": "接种点.csv", "mimeType": "text/csv", "buffer": _file(prefix)}
    )

    office.tap(office.button("上传并核对"))
    _wait_for(office, "待确认")

    assert _counts(office) == ["3", "0", "0", "5"]
    rows = office.page.locator("table.import-table").first.locator("tbody tr")
    assert [row.locator("th, td").all_inner_texts() for row in rows.all()] == [
        ["第 3 行", "区县代码", "“999999” 没有这个区县"],
        ["第 4 行", "经度", "“东经一百一十三度” 不是数字"],
        ["第 5 行", "街道", "不能空着"],
        ["第 6 行", "编号", f"“{prefix}1” 与第 2 行重复"],
        ["第 7 行", "每半小时能打几人", "“二十” 不是数字"],
    ]
    with office.page.expect_download() as coming:
        office.link("下载有错的行").click()
    coming.value.save_as(tmp_path / "errors.csv")
    errors = list(csv.reader((tmp_path / "errors.csv").read_text("utf-8-sig").splitlines()))
    assert errors[0] == [*_HEADINGS, "原来的行", "错误"]
    assert [row[1] for row in errors[1:]] == [
        "韭菜园接种点",
        "湘湖接种点",
        "定王台接种点",
        "又一个东风广场",
        "火星接种点",
    ]

    office.tap(office.button("导入正确的 3 行"))
    _wait_for(office, "已完成")
    office.open(f"/admin/sites/site/?q={prefix}")
    codes = office.page.locator("#result_list tbody .field-code")
    assert codes.all_inner_texts() == [f"{prefix}1", f"{prefix}7", f"{prefix}8"]
    assert "东风广场接种点" in office.text
    assert "又一个东风广场" not in office.text
    assert not office.faults, "\n".join(office.faults)
