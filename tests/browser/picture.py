"""The README's picture: choosing a time and the confirmation, side by side, as a phone shows them.

`python -m tests.browser.picture` starts a city, books there, and writes deploy/readme.png.
"""

import io

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser import chromium, ways
from tests.browser.city import ROOT, City
from tests.browser.visitor import Visitor

TARGET = ROOT / "deploy" / "readme.png"
_WIDTH, _HEIGHT, _GAP, _SCALE = 390, 900, 24, 2
_MOTHER = {"name": "王秀兰", "relation": "parent", "born": "1958-03-14"}


def main() -> None:
    """Take both pictures and put them side by side."""
    with City() as city, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.program(), args=list(chromium.ARGUMENTS))
        context = browser.new_context(
            viewport={"width": _WIDTH, "height": _HEIGHT}, device_scale_factor=_SCALE, reduced_motion="reduce",
            locale="zh-CN", service_workers="block",
        )  # fmt: skip
        family = city.ask("family", people=[_MOTHER])
        context.add_cookies([{"name": "sessionid", "value": family["session"], "url": city.address}])
        citizen = Visitor(context, city.address)
        citizen.open(f"/book/{family['people'][0]}/influenza/{city.ask('site_of')['site']}/")
        citizen.pick(citizen.page.locator("main input[name=slot]").nth(1))
        citizen.page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
        pictures = [_taken(citizen.page)]
        citizen.tap(citizen.button("下一步"))
        ways.confirm(citizen)
        pictures.append(_taken(citizen.page))
        browser.close()
    _side_by_side(pictures).save(TARGET, optimize=True)
    print(f"Written to {TARGET.relative_to(ROOT)}")


def _taken(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def _side_by_side(pictures: list[Image.Image]) -> Image.Image:
    gap = _GAP * _SCALE
    width, height = pictures[0].size
    sheet = Image.new("RGB", (len(pictures) * (width + gap) + gap, height + 2 * gap), "#d5dce4")
    for index, picture in enumerate(pictures):
        sheet.paste(picture, (gap + index * (width + gap), gap))
    # Few colours: half the size, and nobody sees a difference.
    return sheet.quantize(128)


if __name__ == "__main__":
    main()
