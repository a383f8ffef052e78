"""The screens of a visit are for everybody, and decide by the server's own rules."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import measure
from tests.browser.conftest import BeginVisits
from tests.browser.desk_visits import all_no, give, go

CASES = json.loads((Path(__file__).resolve().parents[1] / "rules" / "dose_cases.json").read_text())


def _faults(page: Page, language: str) -> list[str]:
    found = measure.wider_than_the_screen(page) + measure.small_targets(page, "standard")
    if language == "en":
        # The page's title is in both.
        found += [fault for fault in measure.not_translated(page) if "Vaccination desk" not in fault]
    seen = page.viewport_size
    assert seen is not None
    # All of it at once: what lies half behind the main button is smaller than it is.
    page.set_viewport_size({"width": seen["width"], "height": 3000})
    found += measure.axe_violations(page)
    page.set_viewport_size(seen)
    return found


@pytest.mark.parametrize(("width", "height"), [(390, 844), (320, 720), (1024, 768)])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_screens_of_a_visit_are_for_everybody(
    begin_visits: BeginVisits, width: int, height: int, language: str
) -> None:
    first, second = ("陈建国", "欧阳晓燕") if language == "zh-hans" else ("Jianguo Chen", "Xiaoyan Ouyang")
    nurse, site = begin_visits([first, second, "Wei Zhang"], width=width, height=height, intervals=[28])
    page, [asked, given, deferred] = nurse.page, site["references"]
    for reference in (asked, given):
        go(page, "ask", reference)
        all_no(page)
        page.get_by_role("button", name="可以接种").click()
        expect(page.get_by_role("heading", name="可以接种")).to_be_visible()
    go(page, "dose", given)
    give(page, second, site["good"])
    expect(page.get_by_text(f"已保存：{second}")).to_be_visible()
    if language == "en":
        go(page, "menu")
        page.get_by_label("English").check()
        expect(page.locator("html")).to_have_attribute("lang", "en")

    found = []
    for name, reference in [
        ("station", ""), ("ask", deferred), ("ask", asked), ("dose", asked), ("dose", given), ("observe", ""),
        ("record", given), ("correct", given), ("dose", deferred),
    ]:  # fmt: skip
        go(page, name, reference)
        expect(page.locator("h1")).to_be_visible()
        found += [f"{name} {reference}: {fault}" for fault in _faults(page, language)]

    assert "\n".join(found) == ""


def test_the_desk_bars_a_dose_by_the_servers_own_table(begin_visits: BeginVisits) -> None:
    nurse, _ = begin_visits(["陈建国"])

    wrong = nurse.page.evaluate(
        """async (cases) => {
          const link = document.querySelector('link[rel=modulepreload][href*="rules/dose"]');
          const {bars, stillBarred, notBefore} = await import(link.href);
          const wrong = [];
          const same = (found, wanted, name) =>
            JSON.stringify(found) === JSON.stringify(wanted) || wrong.push([name, found, wanted]);
          for (const one of cases.bars) {
            const given = {...cases.usual, ...one};
            given.batch = given.batch && {...cases.usual.batch, ...given.batch};
            same(bars(given), one.bars, one.name);
          }
          for (const one of cases.lifting) same(stillBarred(one.bars, one), one.stay, one.name);
          for (const one of cases.not_before) same(notBefore(one.intervals, one), one.from, one.name);
          return wrong;
        }""",
        CASES,
    )

    assert wrong == []
