"""Stretches of the way that several journeys share. Each begins on the page that the one before ends on."""

import re
import time
from collections.abc import Callable

from playwright.sync_api import Locator

from tests.browser.visitor import Visitor


def sign_in(visitor: Visitor, receiver: str, *, label: str = "手机号") -> None:
    """From the sign-in page, with the code that a demonstration shows."""
    visitor.enter(label, receiver)
    visitor.tap(visitor.button("发验证码"))
    code = re.search(r"\b(\d{6})\b", visitor.text)
    assert code, visitor.text
    visitor.enter("验证码", code.group(1))
    visitor.tap(visitor.page.locator("main button[value=enter]"))


def row_of(visitor: Visitor, name: str) -> Locator:
    """The row of the list that is shown, as far as it can be chosen."""
    return visitor.page.locator("main a.pick", has_text=visitor.say(name)).first


def choose(visitor: Visitor, name: str) -> None:
    """A row of the list that is shown."""
    visitor.tap(row_of(visitor, name))


def choose_first_site(visitor: Visitor) -> None:
    """The site with the earliest time."""
    visitor.tap(visitor.page.locator("main .rows a.pick").first)


def take_earliest(visitor: Visitor) -> None:
    """The time on top of the picker."""
    visitor.tap(visitor.button("就选它"))


def choose_time(visitor: Visitor, slot: int | None = None) -> None:
    """A time of the day that is shown, the last one unless told otherwise, and on."""
    times = visitor.page.locator("main input[name=slot]")
    visitor.pick(times.last if slot is None else visitor.page.locator(f"#slot-{slot}"))
    visitor.tap(visitor.button("下一步"))


def confirm(visitor: Visitor) -> str:
    """Book what the check shows; returns the reference that the confirmation shows."""
    visitor.tap(visitor.button("确认预约"))
    assert visitor.heading == visitor.say("预约成功"), visitor.text
    return reference_on(visitor)


def reference_on(visitor: Visitor) -> str:
    """The twelve digits under the code."""
    shown = visitor.page.locator(".reference").inner_text()
    return "".join(re.findall(r"\d", shown))


def open_until(visitor: Visitor, path: str, text: str, *, seconds: float = 12) -> None:
    """Come to a page again and again until it says so: every process keeps what it read for some seconds."""
    _open_until(visitor, path, lambda: text in visitor.text, seconds)


def open_until_row(visitor: Visitor, path: str, name: str, *, seconds: float = 40) -> None:
    """The same until its row can be chosen."""
    _open_until(visitor, path, lambda: row_of(visitor, name).count() > 0, seconds)


def reload_until(visitor: Visitor, is_there: Callable[[], bool], *, seconds: float = 40) -> None:
    """Load the page that is open again and again until it is so."""
    _until(visitor, lambda: visitor.page.reload(wait_until="load"), is_there, seconds)


def _open_until(visitor: Visitor, path: str, is_there: Callable[[], bool], seconds: float) -> None:
    visitor.open(path)
    _until(visitor, lambda: visitor.open(path), is_there, seconds)


def _until(visitor: Visitor, again: Callable[[], object], is_there: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not is_there() and time.monotonic() < deadline:
        time.sleep(0.5)
        again()
    assert is_there(), visitor.text
