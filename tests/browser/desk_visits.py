"""What staff do with a visit at the desk's page. Texts are in Chinese."""

from playwright.sync_api import Page, expect


def go(page: Page, screen: str, reference: str = "") -> None:
    """Open a screen of the desk by its address."""
    page.evaluate(
        "(address) => { location.hash = address; }", f"#/{screen}/{reference}" if reference else f"#/{screen}"
    )


def all_no(page: Page) -> None:
    """Read all questions and answer none of them with yes."""
    page.locator(".none-of-them").scroll_into_view_if_needed()
    page.mouse.wheel(0, 5000)
    page.get_by_role("button", name="都没有", exact=True).click()


def take_batch(page: Page, code: str) -> None:
    """Scan a box, or type its batch number, where the last box is not taken over from somebody before."""
    expect(page.get_by_role("heading", name="接种", exact=True)).to_be_visible()
    page.get_by_label("扫盒上的码，或输批号").fill(code)
    page.get_by_label("扫盒上的码，或输批号").press("Enter")


def give(page: Page, name: str, code: str) -> None:
    """Give the dose to who is on the screen, from that box."""
    take_batch(page, code)
    page.get_by_label(f"本人说出姓名，是 {name}").check()
    page.get_by_role("button", name="保存并叫下一位").click()
