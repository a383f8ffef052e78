"""A visitor from abroad, with a passport and without a Chinese phone."""

from tests.browser import measure, ways
from tests.browser.city import City
from tests.browser.conftest import NewVisitor


def test_a_passport_holder_books_in_english(city: City, visitor: NewVisitor, javascript: bool) -> None:
    guest = visitor(javascript=javascript)
    guest.open("/")

    guest.tap(guest.link("English"))
    guest.language = "en"
    guest.looks.append(measure.not_translated)
    guest.tap(guest.link("预约接种"))
    guest.tap(guest.link("用邮箱登录"))
    ways.sign_in(guest, f"anna-{int(javascript)}@example.com", label="邮箱")
    guest.tap(guest.link("加一位接种人"))
    guest.pick_from("证件类型", "护照")
    guest.enter("证件号码", "C01X00T47" if javascript else "C01X00T48")
    guest.enter("姓名", "ANNA SCHMIDT")
    guest.enter("出生日期", "1988-09-30")
    guest.pick(guest.choice("女"))
    guest.pick(guest.choice("本人"))
    guest.tap(guest.button("保存"))
    if guest.path == "/book/":
        ways.choose(guest, "ANNA SCHMIDT")
    guest.tap(guest.page.locator("main a.pick", has_text="Influenza").first)
    ways.choose_first_site(guest)
    ways.take_earliest(guest)
    reference = ways.confirm(guest)

    assert "ANNA SCHMIDT" in guest.text
    assert "assport" in guest.text
    assert len(reference) == 12
    # What a passport needs more than an identity card: language, e-mail, type, birth date and sex.
    guest.within(taps=16, typed=5)
