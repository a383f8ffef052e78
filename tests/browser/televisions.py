"""The television in a waiting room, and how it becomes a site's. Texts are in Chinese."""

import re

from playwright.sync_api import Page, expect

from tests.browser.desk_device import Device


def pair(television: Page, supervisor: Device) -> None:
    """Make the screen the site's, at the supervisor's device, which shows the list of screens."""
    expect(television.locator("#code")).to_have_text(re.compile(r"^\d{3} \d{3}$"))
    supervisor.page.get_by_label("屏幕上的六位数字").fill(television.locator("#code").inner_text())
    supervisor.page.get_by_role("button", name="配对").click()
    expect(supervisor.page.get_by_text("配好了")).to_be_visible(timeout=15_000)
    expect(television.locator("#room")).to_be_visible(timeout=15_000)
