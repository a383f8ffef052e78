"""Codes come to the desk by scanners that type, through input methods and by hand; what they say is read one way."""

from typing import Any

import pytest
from playwright.sync_api import expect

from booking.rules.references import check_digit
from tests.browser.city import City
from tests.browser.conftest import NewDevice

_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
# As an input method gives what a scanner typed: no keys that say anything, then the text.
_THROUGH_AN_INPUT_METHOD = """(text) => {
  const field = document.activeElement;
  for (const sign of text) {
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "Process", bubbles: true }));
    field.dispatchEvent(new InputEvent("beforeinput", { data: sign, inputType: "insertText", bubbles: true }));
    field.value += sign;
  }
  field.dispatchEvent(new Event("input", { bubbles: true }));
}"""


@pytest.mark.parametrize("screen", ["today", "find", "queue", "menu"])
def test_a_scanner_that_types_needs_no_field_on_any_screen(
    at_work: NewDevice, desk_day: dict[str, Any], screen: str
) -> None:
    device = at_work()
    device.open(f"#/{screen}")
    device.page.locator("h1").first.wait_for()

    device.scan(desk_day["people"][0]["code"])

    expect(device.heading("签到成功")).to_be_visible()


def test_a_scanner_without_enter_and_a_scanned_reference_count_too(
    at_work: NewDevice, desk_day: dict[str, Any]
) -> None:
    device, people = at_work(), desk_day["people"]

    device.page.keyboard.type(people[0]["code"])
    expect(device.page.locator(".who")).to_contain_text(people[0]["name"])
    device.scan(people[1]["reference"])

    expect(device.page.locator(".who")).to_contain_text(people[1]["name"])
    expect(device.heading("签到成功")).to_be_visible()


def test_full_width_digits_through_an_input_method_are_the_same_code(
    at_work: NewDevice, desk_day: dict[str, Any]
) -> None:
    device = at_work()
    device.open("#/find")
    field = device.page.get_by_label("姓名、证件尾号或预约号")
    field.fill("李")
    # A hand is not as fast as a scanner.
    device.page.wait_for_timeout(300)

    device.page.evaluate(_THROUGH_AN_INPUT_METHOD, desk_day["people"][0]["code"].translate(_FULL_WIDTH))

    expect(device.heading("签到成功")).to_be_visible()


def test_a_stray_scan_takes_nobody_away_from_what_is_being_filled_in(
    at_work: NewDevice, desk_day: dict[str, Any]
) -> None:
    device, (asked, stray) = at_work(("registration", "screening")), desk_day["people"][:2]
    device.scan(asked["code"])
    device.page.get_by_role("button", name="核对无误，问健康状况").click()
    device.page.get_by_text("否", exact=True).first.click()

    device.scan(stray["code"])
    device.page.get_by_role("button", name="接着填").click()
    expect(device.page).to_have_url(f"{device.city.address}/desk/#/ask/{asked['reference']}")
    device.page.wait_for_timeout(1100)
    device.scan(stray["code"])
    device.page.get_by_role("button", name="放下这里，办扫到的人").click()

    expect(device.heading("签到成功")).to_be_visible()
    expect(device.page.locator(".who")).to_contain_text(stray["name"])


def test_what_somebody_types_by_hand_stays_in_its_field(at_work: NewDevice, desk_day: dict[str, Any]) -> None:
    device, reference = at_work(), desk_day["people"][0]["reference"]
    field = device.page.get_by_label("预约号")

    field.press_sequentially(reference, delay=90)
    device.page.wait_for_timeout(400)

    expect(field).to_have_value(reference)
    expect(device.heading("签到成功")).to_have_count(0)
    field.press("Enter")
    expect(device.heading("签到成功")).to_be_visible()


def test_a_changed_digit_is_not_ours_and_shows_nobody(city: City, at_work: NewDevice, desk_day: dict[str, Any]) -> None:
    device, person = at_work(), desk_day["people"][0]
    code = person["code"]

    for at in (4, 22):
        device.scan(code[:at] + str((int(code[at]) + 1) % 10) + code[at + 1 :])
        expect(device.heading("不能签到")).to_be_visible()
        expect(device.page.locator(".verdict")).to_contain_text("这不是本市的预约码")
        expect(device.page.get_by_text(person["name"])).to_have_count(0)
        device.open("#/scan")
        expect(device.page.get_by_label("预约号")).to_be_visible()

    assert city.ask("desk_acts", site=desk_day["site"]) == []


# A medicine's box: trade number, expiry, batch; GS parts what has no fixed length.
_BOX = {"kind": "box", "gtin": "06901234567892", "batch": "AB-12", "expires": "2027-11-30"}
_REFERENCE = "12345678901" + check_digit("12345678901")
_CODES: list[tuple[str, dict[str, Any]]] = [
    (f"1{_REFERENCE}0123456789", {"kind": "code", "payload": f"1{_REFERENCE}0123456789", "reference": _REFERENCE}),
    (f"{_REFERENCE[:4]} {_REFERENCE[4:8]}-{_REFERENCE[8:]}", {"kind": "reference", "reference": _REFERENCE}),
    (_REFERENCE.translate(_FULL_WIDTH), {"kind": "reference", "reference": _REFERENCE}),
    ("(01)06901234567892(17)271130(10)AB-12", _BOX),
    ("]d201069012345678921727113010AB-12", _BOX),
    ("010690123456789210AB-12\x1d17271130", _BOX),
    ("010690123456789210AB-12\x1d17271100", _BOX),
    ("6901234567892", {"kind": "box", "gtin": "06901234567892", "batch": "", "expires": None}),
]
_READ = """async (texts) => {
  const address = [...document.querySelectorAll("link[rel=modulepreload]")].map((link) => link.href)
    .find((href) => /scanner\\/codes(\\.\\w+)?\\.js$/.test(href));
  const { readCode } = await import(address);
  return texts.map((text) => readCode(text));
}"""


def test_codes_of_people_and_of_boxes_are_told_apart(new_device: NewDevice) -> None:
    device = new_device()
    device.open()

    read = device.page.evaluate(_READ, [text for text, _ in _CODES])

    assert read == [means for _, means in _CODES]


def test_no_wrong_digit_of_a_reference_passes(new_device: NewDevice) -> None:
    device = new_device()
    device.open()
    wrong = [
        _REFERENCE[:at] + str(digit) + _REFERENCE[at + 1 :]
        for at in range(12)
        for digit in range(10)
        if str(digit) != _REFERENCE[at]
    ]

    assert {one["kind"] for one in device.page.evaluate(_READ, wrong)} == {"wrong"}
