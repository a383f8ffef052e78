"""A device at a desk: its browser, which keeps what a device keeps, and what staff do with it."""

from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.city import City

PIN = "2580"
# What the page knows, read in the page: its modules are those that it runs itself.
_STATE = """async (what) => {
  const address = [...document.querySelectorAll("link[rel=modulepreload]")].map((link) => link.href)
    .find((href) => /desk\\/state(\\.\\w+)?\\.js$/.test(href));
  const { desk } = await import(address);
  return what === "rows" ? desk.list : desk[what];
}"""
_ACT = """async ([kind, reference, data]) => {
  const address = [...document.querySelectorAll("link[rel=modulepreload]")].map((link) => link.href)
    .find((href) => /desk\\/acts(\\.\\w+)?\\.js$/.test(href));
  const { act } = await import(address);
  const { local, answered } = await act(kind, reference, data);
  const { outcome, code } = await answered;
  return { local, outcome, code };
}"""

_STORED = """() => new Promise((resolve) => {
  indexedDB.open("desk").onsuccess = ({ target }) => {
    const found = {};
    const work = target.result.transaction(["rows", "acts", "conflicts"]);
    for (const name of work.objectStoreNames) {
      work.objectStore(name).count().onsuccess = (event) => (found[name] = event.target.result);
    }
    work.oncomplete = () => { target.result.close(); resolve(found); };
  };
})"""
_TYPE = """(code) => {
  const press = (key) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  [...code, "Enter"].forEach(press);
}"""


class Device:
    """Drives the desk's page. Texts are in Chinese."""

    def __init__(self, context: BrowserContext, city: City) -> None:
        self.context = context
        self.city = city
        self.page: Page = context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def open(self, where: str = "") -> None:
        """Open the desk, or another of its screens."""
        self.page.goto(f"{self.city.address}/desk/{where}")

    def sign_in(self, person: dict[str, Any]) -> None:
        """On the sign-in form that is shown."""
        self.page.get_by_label("用户名").fill(person["username"])
        self.page.get_by_label("密码").fill(person["password"])
        self.page.get_by_role("button", name="登录", exact=True).click()

    def begin_shift(self, person: dict[str, Any], *, station: str = "登记") -> None:
        """From nothing to the first screen, until the page is kept for when the network is gone."""
        self.open()
        self.sign_in(person)
        expect(self.heading("开始当班")).to_be_visible(timeout=30_000)
        choice = self.page.get_by_role("radio", name=station, exact=True)
        if choice.count():
            choice.check()
        self.page.get_by_label("几号台").fill("2")
        self.page.get_by_label("四位解锁数字").fill(PIN)
        self.page.get_by_role("button", name="开始当班").click()
        expect(self.page.get_by_text("断网也能打开、能签到")).to_be_visible(timeout=30_000)
        self.page.get_by_role("button", name="开始办理").click()

    def heading(self, text: str) -> Any:
        """A heading of the screen."""
        return self.page.get_by_role("heading", name=text)

    def scan(self, code: str) -> None:
        """As a scanner does that types: all in one go, however busy the machine is."""
        self.page.evaluate(_TYPE, code)

    def act(self, kind: str, reference: str, **data: Any) -> dict[str, Any]:
        """Do something as its screen would; the row afterwards and what came of it."""
        answer: dict[str, Any] = self.page.evaluate(_ACT, [kind, reference, data])
        return answer

    def knows(self, what: str) -> Any:
        """Something of the page's state, as `pending`; `rows` for the list."""
        return self.page.evaluate(_STATE, what)

    def stored(self) -> dict[str, int]:
        """How much there is in each of the device's stores of a day."""
        found: dict[str, int] = self.page.evaluate(_STORED)
        return found

    def wait_until_sent(self) -> None:
        """Until nothing waits any more."""
        expect(self.page.locator(".connection")).to_have_text("在线", timeout=30_000)
