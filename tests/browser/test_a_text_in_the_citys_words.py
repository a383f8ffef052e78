"""An administrator tries other words on a sample, saves them, and goes back to the system's."""

from tests.browser import measure
from tests.browser.conftest import NewVisitor

OWN = "【长沙疫苗】约好了：{name} {starts_at} {site}，预约号 {reference}。"


def test_a_text_is_tried_on_a_sample_saved_and_given_back(administrator: NewVisitor, javascript: bool) -> None:
    office = administrator(javascript=javascript)
    office.open("/admin/")
    office.tap(office.link("消息模板").first)
    office.tap(office.page.locator('a[href$="/MOVED/zh-hans/"]'))

    office.page.locator("textarea").fill(OWN + "{phone}")
    office.tap(office.button("预览"))
    assert "没有这些占位符：{phone}" in office.text

    office.page.locator("textarea").fill(OWN)
    office.tap(office.button("预览"))
    assert "约好了：欧**娜 12月24日 10:30" in office.text
    assert "还没有保存" in office.text
    office.tap(office.button("保存"))
    assert "已保存" in office.text
    # The accessibility check is a script itself.
    for width in (390, 1280) if javascript else ():
        office.page.set_viewport_size({"width": width, "height": 844})
        assert measure.wider_than_the_screen(office.page) == []
        # What looks for faults is a script itself.
        assert not javascript or measure.axe_violations(office.page) == []

    office.tap(office.button("恢复系统正文"))
    assert "已恢复系统正文" in office.text
    assert OWN in office.text
    assert not office.faults, "\n".join(office.faults)
