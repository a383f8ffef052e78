"""An account looks like many in one hand: a person looks, locks it, reads the appeal, and gives the booking back."""

from tests.browser import ways
from tests.browser.city import City
from tests.browser.conftest import NewVisitor

_WHY = "一个月约了 23 个人，请说明是替谁约的。"
_APPEAL = "我是社区志愿者，帮楼里的老人约。"
_ANSWER = "已打电话问过居委会，谢谢您帮忙。"


def test_what_is_locked_stands_can_be_cancelled_appealed_against_and_restored(
    city: City, visitor: NewVisitor, administrator: NewVisitor, javascript: bool
) -> None:
    family = city.ask("family", people=[{"name": "何帮忙", "relation": "self", "born": "1980-02-02"}])
    [person] = family["people"]
    booked = city.ask("appointment", person=person)["reference"]
    judge = f"/admin/booking/suspicion/{city.ask('suspected', person=person)}/judge/"
    citizen = visitor(family=family, javascript=javascript)
    office = administrator(javascript=javascript)

    # Nothing is locked by one tap, nor without a reason.
    office.open("/admin/booking/suspicion/?state__exact=OPEN")
    assert "一个账号约了很多人" in office.text
    office.open(judge)
    assert "23" in office.text
    office.tap(office.button("停用预约"))
    assert "请写明理由" in office.text
    office.enter("理由", _WHY)
    office.tap(office.button("停用预约"))
    assert "已约好的、取消、查看" in office.text
    assert city.ask("appointments", people=[person])[0][1] == "BOOKED"
    office.tap(office.button("确认停用这个账号的预约"))
    assert "已停用这个账号的预约" in office.text

    # Every way to a place leads to the reason; what is booked stands, and can be given up.
    ways.open_until(citizen, "/", "这个账号的预约被停用了")
    # Each web process knows of it within a second or two.
    ways.open_until(citizen, "/book/", _WHY)
    assert citizen.heading == "预约被停用了"
    citizen.open(f"/appointments/{booked}/move/")
    assert citizen.path == "/me/appeal/"
    citizen.open(f"/appointments/{booked}/")
    citizen.tap(citizen.link("取消预约"))
    citizen.tap(citizen.button("确认取消"))
    assert city.ask("appointments", people=[person])[0][1] == "CANCELLED"

    citizen.open("/book/")
    citizen.enter("说说情况", _APPEAL)
    citizen.tap(citizen.button("送出申诉"))
    assert "申诉已送到" in citizen.text
    assert "还在看" in citizen.text

    office.open(judge)
    assert _APPEAL in office.text
    office.enter("理由", _ANSWER)
    office.tap(office.button("申诉有理，恢复预约"))
    assert "已恢复，并告诉了本人" in office.text

    ways.open_until(citizen, "/me/appeal/", "预约已恢复")
    assert _ANSWER in citizen.text
    # Every process knows it a few seconds later.
    ways.open_until(citizen, "/book/", "何帮忙")
    ways.choose(citizen, "何帮忙")
    ways.choose(citizen, "流感疫苗接种")
    ways.choose_first_site(citizen)
    ways.choose_time(citizen)
    ways.confirm(citizen)
    assert [one[1] for one in city.ask("appointments", people=[person])] == ["CANCELLED", "BOOKED"]
    citizen.unharmed()
    assert office.faults == []
