"""Into the admin: a password is not enough."""

import re
from urllib.parse import urlsplit

from tests.browser.city import City
from tests.browser.conftest import NewVisitor
from tests.browser.visitor import Visitor


def _give_password(somebody: Visitor, account: dict[str, str]) -> None:
    somebody.open("/admin/")
    somebody.page.locator("#id_username").fill(account["username"])
    somebody.page.locator("#id_password").fill(account["password"])
    somebody.tap(somebody.page.locator("form [type=submit]").last)


def _give_code(somebody: Visitor, code: str, button: str) -> None:
    somebody.page.locator("#id_code").fill(code)
    somebody.tap(somebody.button(button))


def _code_shown(somebody: Visitor) -> str:
    return somebody.page.locator(".demonstration-code b").inner_text()


def test_an_invited_administrator_sets_up_the_second_factor_and_enters_with_it_from_then_on(
    city: City, desk: NewVisitor, javascript: bool
) -> None:
    account = city.ask("invited", role="city")
    somebody = desk(javascript=javascript)

    _give_password(somebody, account)

    assert somebody.path == "/admin/two-factor/enrol/"
    assert somebody.page.get_by_role("img", name="二维码").is_visible()
    _give_code(somebody, _code_shown(somebody), "确认")
    assert somebody.heading == "恢复码"
    codes = somebody.page.locator(".recovery-codes li").all_inner_texts()
    assert len({code for code in codes if re.fullmatch(r"[a-z2-9]{5}-[a-z2-9]{5}", code)}) == 8
    somebody.page.get_by_label("我已经保存好这 8 个恢复码").check()
    somebody.tap(somebody.button("进入管理后台"))
    assert (somebody.path, somebody.heading) == ("/admin/", "管理首页")

    somebody.tap(somebody.page.locator("#logout-form button"))
    _give_password(somebody, account)
    assert somebody.path == "/admin/two-factor/"
    _give_code(somebody, codes[0], "继续")
    assert (somebody.path, somebody.heading) == ("/admin/", "管理首页")
    assert "还剩 7 个恢复码" in somebody.page.locator(".messagelist").inner_text()
    assert not somebody.faults, "\n".join(somebody.faults)


def test_a_wrong_code_is_refused_with_words_and_nothing_is_seen_before_the_right_one(
    city: City, desk: NewVisitor
) -> None:
    account = city.ask("invited", role="auditor", with_device=True)
    somebody = desk()
    _give_password(somebody, account)
    right = _code_shown(somebody)
    wrong = f"{(int(right) + 1) % 1_000_000:06}"

    _give_code(somebody, wrong, "继续")

    assert "验证码不对，或已经用过。请等下一个再填。" in somebody.text
    assert somebody.page.locator("#id_code").input_value() == ""
    somebody.open("/admin/booking/slot/")
    assert somebody.path == "/admin/two-factor/"
    # A second has to pass after a wrong one.
    somebody.page.wait_for_timeout(1_500)
    _give_code(somebody, _code_shown(somebody), "继续")
    assert urlsplit(somebody.page.url).path == "/admin/booking/slot/"
    assert not somebody.faults, "\n".join(somebody.faults)
