"""The QR code as a phone shows it, read as a scanner reads it."""

import io

import pytest
import zxingcpp
from PIL import Image

from tests.browser.city import City
from tests.browser.conftest import NewVisitor

PASSER_BY = {"name": "李佳怡", "relation": "self", "born": "1994-05-08"}


@pytest.mark.parametrize("text_size", ["standard", "largest"])
@pytest.mark.parametrize("scale", [1, 2])
def test_a_screenshot_of_the_confirmation_is_enough_at_the_door(
    city: City, visitor: NewVisitor, text_size: str, scale: int
) -> None:
    family = city.ask("family", people=[PASSER_BY])
    booked = city.ask("appointment", person=family["people"][0])
    citizen = visitor(family=family, text_size=text_size, width=320, scale=scale)
    citizen.open(f"/appointments/{booked['reference']}/")

    scanned = _scanned(citizen.page.screenshot(full_page=True))

    assert len(scanned) == 23
    assert scanned.isdigit()
    assert city.ask("reference_of", scanned=scanned) == booked["reference"]


def test_a_code_with_a_changed_digit_is_refused(city: City, visitor: NewVisitor) -> None:
    family = city.ask("family", people=[PASSER_BY])
    booked = city.ask("appointment", person=family["people"][0])
    citizen = visitor(family=family)
    citizen.open(f"/appointments/{booked['reference']}/")
    scanned = _scanned(citizen.page.screenshot(full_page=True))

    for at in range(len(scanned)):
        changed = scanned[:at] + str((int(scanned[at]) + 1) % 10) + scanned[at + 1 :]
        assert city.ask("reference_of", scanned=changed) is None


def _scanned(picture: bytes) -> str:
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)), formats=zxingcpp.BarcodeFormat.QRCode)
    assert len(found) == 1
    return str(found[0].text)
