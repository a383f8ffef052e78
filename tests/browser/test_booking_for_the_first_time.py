"""Somebody who has never been here books for themselves."""

from tests.browser import ways
from tests.browser.city import City
from tests.browser.conftest import NewVisitor


def test_a_first_time_citizen_books_in_twelve_taps_and_four_fields(
    city: City, visitor: NewVisitor, javascript: bool
) -> None:
    citizen = visitor(javascript=javascript)
    citizen.open("/")

    citizen.tap(citizen.link("预约接种"))
    ways.sign_in(citizen, "13712340001" if javascript else "13712340002")
    citizen.tap(citizen.link("加一位接种人"))
    citizen.enter("证件号码", city.ask("new_document", born="1991-07-19"))
    citizen.enter("姓名", "陈思雨")
    citizen.pick(citizen.choice("本人"))
    citizen.tap(citizen.button("保存"))
    if citizen.path == "/book/":
        ways.choose(citizen, "陈思雨")
    ways.choose(citizen, "流感疫苗接种")
    ways.choose_first_site(citizen)
    ways.choose_time(citizen)
    reference = ways.confirm(citizen)

    assert "陈思雨" in citizen.text
    assert len(reference) == 12
    citizen.within(taps=12, typed=4)
