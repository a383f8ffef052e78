"""Somebody at a browser, and what the way costs them: taps, typed fields, bytes, pages that move."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Locator, Page

from tests.browser import measure

_CATALOGUE = Path(__file__).resolve().parents[2] / "templates" / "locale" / "en" / "LC_MESSAGES" / "django.mo"
KB = 1024
FIRST_VIEW, NEXT_VIEW = 30 * KB, 8 * KB
# Below is what a row of links does while the end of the page is still on its way.
STILL = 0.001


@dataclass(frozen=True, slots=True)
class View:
    """One page that was shown: its address, and the bytes that came over the line for it."""

    path: str
    bytes: int


@cache
def _english() -> GNUTranslations:
    with _CATALOGUE.open("rb") as catalogue:
        return GNUTranslations(catalogue)


class Visitor:
    """Drives one page and counts. Everything that a person does goes through `tap`, `pick` and `enter`.

    Texts are given in Chinese, as in the source, and looked for in the visitor's language.
    """

    def __init__(
        self, context: BrowserContext, address: str, *, javascript: bool = True, language: str | None = None
    ) -> None:
        self.address = address
        self.javascript = javascript
        self.language = language
        self.context = context
        # Looked at on every page; each returns what is wrong with it.
        self.looks: list[Callable[[Page], list[str]]] = []
        # Django's own lists of the admin move while their scripts begin.
        self.wants_stillness = javascript
        self.page: Page = context.new_page()
        self.taps = 0
        self.typed = 0
        self.views: list[View] = []
        self.faults: list[str] = []
        self._bytes = 0
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        line = context.new_cdp_session(self.page)
        line.on("Network.loadingFinished", self._on_finished)
        line.on("Network.requestWillBeSent", self._on_request)
        line.send("Network.enable")

    # --- What a person does ---

    def open(self, path: str) -> None:
        """Come from outside: a link in a message, a bookmark, an address typed in."""
        self.page.goto(self.address + path, wait_until="load")
        self._arrived()

    def tap(self, target: Locator) -> None:
        """A tap on a link, a row or a button that brings the next page."""
        self.taps += 1
        with self.page.expect_navigation(wait_until="load"):
            target.click()
        self._arrived()

    def pick(self, target: Locator) -> None:
        """A tap that stays on the page: a choice among several, a tick."""
        self.taps += 1
        target.check()

    def pick_open(self, target: Locator) -> None:
        """A tap that opens more of the same page."""
        self.taps += 1
        target.click()

    def pick_from(self, label: str, choice: str) -> None:
        """A choice in a list that opens: one tap to open it, one to choose."""
        self.taps += 2
        self.page.get_by_label(self.say(label)).select_option(label=self.say(choice))

    def enter(self, label: str, text: str) -> None:
        """Type into the field with this label."""
        self.typed += 1
        self.page.get_by_label(self.say(label)).first.fill(text)

    def back(self) -> None:
        """The browser's own way back."""
        self.page.go_back(wait_until="load")
        self._arrived()

    # --- What a person sees ---

    def say(self, text: str, **facts: object) -> str:
        """The text in the visitor's language, with the facts filled in."""
        said = _english().gettext(text) if self.language == "en" else text
        return said % facts if facts else said

    def link(self, text: str) -> Locator:
        """The first link with this text in it."""
        return self.page.get_by_role("link", name=self.say(text)).first

    def button(self, text: str) -> Locator:
        """The first button with this text in it."""
        return self.page.get_by_role("button", name=self.say(text)).first

    def choice(self, text: str) -> Locator:
        """The radio button or check box with this label."""
        return self.page.get_by_label(self.say(text)).first

    @property
    def heading(self) -> str:
        """The page's main heading."""
        return self.page.locator("h1").inner_text().strip()

    @property
    def text(self) -> str:
        """Everything there is to read between header and footer, on one line."""
        return re.sub(r"\s+", " ", self.page.locator("main").inner_text())

    @property
    def path(self) -> str:
        """Where the browser is, without host and query."""
        return urlsplit(self.page.url).path

    # --- What it cost ---

    def account(self) -> str:
        """The way in one line for each page, to read where a budget was broken."""
        pages = "\n".join(f"  {view.bytes:>7,} bytes  {view.path}" for view in self.views)
        return f"{self.taps} taps, {self.typed} typed fields\n{pages}"

    def within(self, *, taps: int, typed: int = 0) -> None:
        """Hold the way against its budget: taps, typed fields, bytes; and nothing moved or failed."""
        assert (self.taps <= taps, self.typed <= typed) == (True, True), self.account()
        self.unharmed()

    def unharmed(self) -> None:
        """Bytes within the budget of every view, no page that moved, no error in the browser's console."""
        first, later = self.views[:1], self.views[1:]
        heavy = [view for view in first if view.bytes > FIRST_VIEW] + [v for v in later if v.bytes > NEXT_VIEW]
        assert not heavy, self.account()
        assert not self.faults, "\n".join(self.faults)

    def _arrived(self) -> None:
        # Once the browser has answered, everything that came over the line before has been counted.
        for look in (measure.one_heading, *self.looks):
            self.faults += [f"{self.path}: {fault}" for fault in look(self.page)]
        if self.wants_stillness:
            shift, moved = measure.movement(self.page)
            if shift >= STILL:
                self.faults.append(f"{self.path}: the page moved by {shift:.5f} ({moved})")
        self.views.append(View(self.path, self._bytes))
        self._bytes = 0

    def _on_finished(self, event: dict[str, Any]) -> None:
        self._bytes += int(event["encodedDataLength"])

    def _on_request(self, event: dict[str, Any]) -> None:
        if redirect := event.get("redirectResponse"):
            self._bytes += int(redirect["encodedDataLength"])
        url = event["request"]["url"]
        if not url.startswith((self.address + "/", "data:", "blob:")):
            self.faults.append(f"{self.path}: asked somebody else's host: {url}")

    def _on_console(self, message: Any) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            self.faults.append(f"{self.path}: {message.text}")
